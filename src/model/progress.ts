/** What long work tells of itself, at most some times a second. */
export interface ProgressEvent {
  /** `schema`, `data`, `import`, `verify`. */
  readonly phase: string;
  /** Quoted name of what is being worked on. */
  readonly object: string | null;
  readonly tablesDone: number;
  readonly tablesTotal: number | null;
  readonly rows: number;
  readonly rowsTotal: number | null;
  readonly bytes: number;
  readonly bytesTotal: number | null;
}

export type ReportProgress = (event: ProgressEvent) => void;
