/** Whole batches of a script, for those who send them as they stand and have the memory. */
import { type SplitOptions, splitScript } from './batch-splitter.ts';

export interface ScriptBatch {
  readonly text: string;
  /** GO n. */
  readonly count: number;
  /** Line of the script where the batch begins. */
  readonly line: number;
}

/**
 * Batches in order; those of nothing but blanks and comments are left out.
 * @throws XpdbError as `splitScript`
 */
export async function* scriptBatches(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: SplitOptions = {},
): AsyncGenerator<ScriptBatch> {
  let text = '';
  let line: number | null = null;
  let rows = 0;
  for await (const piece of splitScript(chunks, options)) {
    switch (piece.kind) {
      case 'text':
      case 'insertHead':
        line ??= piece.position.line;
        text += text === '' ? piece.text : `\n${piece.text}`;
        rows = 0;
        break;
      case 'insertRow':
        text += `${rows++ === 0 ? '\n' : ',\n'}${piece.text}`;
        break;
      case 'insertEnd':
        text += piece.text;
        break;
      case 'batchEnd':
        if (line !== null) yield { text, count: piece.count, line };
        text = '';
        line = null;
        break;
      case 'marker':
        break;
    }
  }
}
