export { disagreement } from './agree.ts'
export { assertParsersAgree, PARSERS_DISAGREE } from './assert-parsers-agree.ts'
export type { NamedTable, Opinion } from './opinion.ts'
export { secondOpinion } from './second-opinion.ts'
