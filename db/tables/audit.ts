export interface AuditLinksTable {
  seq: bigint;
  entry_id: string;
  hash: Buffer;
}

export interface AuditHeadTable {
  one: boolean;
  seq: bigint;
  hash: Buffer;
}

export interface AuditAnchorsTable {
  seq: bigint;
  hash: Buffer;
  at: Date;
  key_id: string;
  signature: Buffer;
}

/** The chain over the audit entries. */
export interface AuditTables {
  audit_links: AuditLinksTable;
  audit_head: AuditHeadTable;
  audit_anchors: AuditAnchorsTable;
}
