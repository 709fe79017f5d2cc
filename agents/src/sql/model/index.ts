export { type Drafted, type DraftInput, draftWithModel, type ModelBill } from './draft-with-model.ts'
export { type Explained, type ExplainInput, explainWithModel } from './explain-with-model.ts'
