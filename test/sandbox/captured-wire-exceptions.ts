/** Captured bytes and token orders that the sandbox does not give, each with its reason. */
export const wireExceptions: Readonly<Record<string, string>> = {
  'bulk.trigger-summary': 'triggers are recorded, not fired',
  'xml.for-xml-path-text': 'FOR XML is refused by name',
  'xml.for-xml-path-empty': 'FOR XML is refused by name',
  'xml.type': 'FOR XML is refused by name',
  'xml.nested-type': 'FOR XML is refused by name',
  'xml.large-text': 'FOR XML is refused by name',
  'xml.attribute-order-error': 'FOR XML is refused by name',
  'type.ntext': 'the bytes are those of a FOR XML result; ntext columns have no table name in the metadata',
  'tvp.null': 'table-valued parameters are refused by name',
  'tvp.empty': 'table-valued parameters are refused by name',
  'tvp.multirow': 'table-valued parameters are refused by name',
};
