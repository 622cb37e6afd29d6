/** Does one chunk at a time, on connections of its own. */
export interface ChunkRunner<Task, Result> {
  /** Settles when it could begin; absent where it can at once. Before, a chunk is better left to others. */
  readonly ready?: Promise<void>;
  /**
   * @param onRows told of the chunk's rows so far, as they pass
   * @param onNote told of what the user may want to know, such as another try
   */
  run(task: Task, onRows: (rows: number) => void, onNote: (text: string) => void): Promise<Result>;
  /** Stops the chunk under way: its promise rejects. No other is run afterwards. */
  cancel(): void;
  close(): Promise<void>;
}
