export { type ConformanceFixture, conformance } from './conformance.ts'
