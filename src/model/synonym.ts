export interface Synonym {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  /** As sys.synonyms.base_object_name stores it, quoted with up to four parts. */
  readonly baseObject: string;
}
