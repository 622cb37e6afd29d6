export type { CellReader } from '../types/row-reader.ts';
export type { CellWriter } from '../types/row-writer.ts';
