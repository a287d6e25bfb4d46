/** Tables of their own file: see the migration of the same name. */
// biome-ignore lint/suspicious/noEmptyInterface: filled with its migration
export interface AuditTables {}
