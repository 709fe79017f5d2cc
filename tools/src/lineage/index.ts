export { answerGraph, type MayKnow, type TracedAnswer } from './answer-graph.ts'
export { type Use, useOf } from './use-of.ts'
export { keyOf, usedKeys } from './used-keys.ts'
