export interface XmlSchemaCollection {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  /** Text of XML_SCHEMA_NAMESPACE, or of the script's literal. */
  readonly definition: string;
}
