export interface Schema {
  readonly name: string;
  readonly owner: string;
}
