export { type ConformanceFixture, conformance } from './conformance.ts'
export { type TestGovernance, testGovernance } from './test-governance.ts'
