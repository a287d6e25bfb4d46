import type { Code, Grant, Issuance, Redemption } from './schema';

/**
 * The columns of the tables that are read most, by name: such a statement can be prepared and stays right when
 * a migration adds a column. Every column of the schema stands here, or this does not compile.
 */
export const GRANT_COLUMNS = columnsOf<Grant>()([
  'id',
  'campaign_id',
  'recipient_id',
  'import_id',
  'number',
  'inquiry_number',
  'granted_yen',
  'deadline_at',
  'channel',
  'link_key_id',
  'link_generation',
  'link_digest',
  'frozen_at',
  'frozen_until',
  'created_at',
  'lock_token',
  'deadline_by',
  'sending_group',
]);

export const REDEMPTION_COLUMNS = columnsOf<Redemption>()([
  'id',
  'campaign_id',
  'grant_id',
  'request_key',
  'position',
  'provider',
  'source',
  'yen',
  'state',
  'state_at',
  'accepted_at',
  'created_at',
  'replaces_id',
]);

export const CODE_COLUMNS = columnsOf<Code>()(['id', 'redemption_id', 'campaign_id', 'position', 'yen', 'returned_at']);

export const ISSUANCE_COLUMNS = columnsOf<Issuance>()([
  'id',
  'code_id',
  'campaign_id',
  'provider',
  'yen',
  'provider_key',
  'state',
  'calls',
  'leased_until',
  'called_at',
  'unknown_since',
  'unknown_at',
  'handed_over_at',
  'cause',
  'reason',
  'detail',
  'reference',
  'digest',
  'code_sealed',
  'code_key_id',
  'last4',
  'management_no',
  'expires_on',
  'created_at',
  'settled_at',
  'reopened_by',
  'settled_by',
  'voided_by',
  'void_reason',
  'voided_at',
]);

function columnsOf<Row>() {
  return <const Columns extends readonly (keyof Row)[]>(
    columns: Exclude<keyof Row, Columns[number]> extends never
      ? Columns
      : readonly [`missing: ${Exclude<keyof Row, Columns[number]> & string}`],
  ) => columns as Columns;
}
