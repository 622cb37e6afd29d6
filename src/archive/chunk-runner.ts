/** Does one chunk at a time, on connections of its own. */
export interface ChunkRunner<Task, Result> {
  /**
   * @param onRows told of the chunk's rows so far, as they pass
   * @param onNote told of what the user may want to know, such as another try
   */
  run(task: Task, onRows: (rows: number) => void, onNote: (text: string) => void): Promise<Result>;
  /** Stops the chunk under way: its promise rejects. No other is run afterwards. */
  cancel(): void;
  close(): Promise<void>;
}
