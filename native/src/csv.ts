import { binding } from './load.ts'
import { NativeError, toNativeError } from './native-error.ts'

export type CsvType = 'bool' | 'int' | 'float' | 'date' | 'timestamp' | 'string'

export interface CsvColumn {
  readonly name: string
  readonly type: CsvType
  readonly nullable: boolean
}

export interface CsvOptions {
  /** Texts that mean "no value", beside the empty one. */
  readonly nullValues?: readonly string[]
  /** One ASCII character; a comma unless said. */
  readonly delimiter?: string
  /** Types that are given and not inferred, by column. A timestamp is in UTC when its texts name a zone. */
  readonly types?: Readonly<Record<string, CsvType>>
  /** Called with the fraction done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void
  /** Aborting stops the work; nothing is left of the output. */
  readonly signal?: AbortSignal
}

export interface ParquetOptions extends CsvOptions {
  readonly compression?: 'zstd' | 'snappy' | 'none'
  /** For zstd, 1 (fast) to 22 (small); 9 unless said. */
  readonly compressionLevel?: number
}

export interface ParquetResult {
  readonly rows: number
  readonly columns: CsvColumn[]
  /** Size of the Parquet file. */
  readonly bytes: number
}

/** Names and types of a CSV file's columns, from all of its rows. Throws NativeError. */
export async function inferCsvSchema(input: string, options: CsvOptions = {}): Promise<CsvColumn[]> {
  return (await convert(input, undefined, options)).columns
}

/**
 * Writes a CSV file as Parquet: types inferred over all rows and never so narrow that a value is lost, rows in order. The
 * output appears whole or not at all. Throws NativeError.
 */
export function csvToParquet(input: string, output: string, options: ParquetOptions = {}): Promise<ParquetResult> {
  return convert(input, output, options)
}

async function convert(input: string, output: string | undefined, options: ParquetOptions): Promise<ParquetResult> {
  const { signal, onProgress, nullValues, ...rest } = options
  if (signal?.aborted) throw new NativeError('CANCELLED', 'Stopped.')
  const flag = new binding.StopFlag()
  const stop = () => flag.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const plain = { ...rest, ...(nullValues ? { nullValues: [...nullValues] } : {}) }
    return (await binding.convertCsv(input, output, plain, flag, onProgress)) as ParquetResult
  } catch (error) {
    throw toNativeError(error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
