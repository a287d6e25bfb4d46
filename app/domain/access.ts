/**
 * Who of the staff may do what: the one table from which pages, guards, documentation and the test of every
 * cell come. Pure.
 */
export const ROLES = ['viewer', 'call_centre', 'operator', 'approver', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What can be permitted, and to whom. `see.*` are pages, everything else is an act. The call centre finds one
 * person by two facts and helps; operators propose; approvers decide; auditors look; administrators keep accounts.
 */
export const PERMISSIONS = {
  'see.home': ['viewer', 'call_centre', 'operator', 'approver', 'auditor', 'administrator'],
  'see.account': ['viewer', 'call_centre', 'operator', 'approver', 'auditor', 'administrator'],
  'see.find': ['call_centre', 'operator', 'approver', 'auditor'],
  /** More than one person at a time: lists of hits, lists of redemptions. */
  'see.many': ['operator', 'approver', 'auditor'],
  'see.person': ['call_centre', 'operator', 'approver', 'auditor'],
  'see.lists': ['viewer', 'operator', 'approver', 'auditor'],
  /** One coupon, by its number. */
  'see.coupons': ['call_centre', 'operator', 'approver', 'auditor'],
  /** The register as a whole: totals, differences, what happened in the failure, the cut-off. */
  'see.register': ['operator', 'approver', 'auditor'],
  /** The cases that come by telephone: the queue, and each. */
  'see.cases': ['call_centre', 'operator', 'approver', 'auditor'],
  'see.waves': ['viewer', 'operator', 'approver', 'auditor'],
  'see.claims': ['call_centre', 'operator', 'approver', 'auditor'],
  'see.campaigns': ['viewer', 'operator', 'approver', 'auditor', 'administrator'],
  'see.texts': ['viewer', 'operator', 'approver', 'auditor'],
  'see.charts': ['viewer', 'operator', 'approver', 'auditor'],
  'see.approvals': ['call_centre', 'operator', 'approver', 'auditor'],
  'see.providers': ['viewer', 'operator', 'approver', 'auditor'],
  'see.reconciliation': ['operator', 'approver', 'auditor'],
  'see.proofs': ['operator', 'approver', 'auditor'],
  'see.report': ['viewer', 'operator', 'approver', 'auditor'],
  'see.audit': ['auditor', 'administrator'],
  'see.exports': ['operator', 'approver', 'auditor'],
  'see.staff': ['administrator', 'auditor'],

  unmask: ['call_centre', 'operator', 'approver', 'auditor'],
  resend: ['call_centre', 'operator'],
  freeze: ['call_centre', 'operator', 'approver'],
  release: ['operator', 'approver'],
  change_address: ['call_centre', 'operator'],
  ask_again: ['call_centre', 'operator'],
  settle_doubt: ['operator'],
  reissue: ['call_centre', 'operator'],
  give_back: ['call_centre', 'operator'],
  extend: ['approver'],
  put_back: ['call_centre', 'operator'],
  extend_coupon: ['call_centre', 'operator'],
  extend_coupons: ['operator'],
  work_case: ['call_centre', 'operator'],
  refuse_case: ['operator', 'approver'],
  decide_case: ['call_centre', 'operator'],
  edit_campaign: ['operator'],
  unmask_caller: ['call_centre', 'operator', 'approver'],
  bulk: ['operator'],
  pause_bulk: ['operator', 'approver'],
  withdraw: ['call_centre', 'operator', 'approver', 'auditor'],
  decide: ['approver'],
  review_claims: ['operator'],
  propose_claims: ['operator'],
  edit_texts: ['operator', 'approver'],
  run_waves: ['operator', 'approver'],
  pause_provider: ['operator', 'approver'],
  set_low_water: ['operator', 'approver'],
  ask_funds: ['operator', 'approver', 'auditor'],
  load_stock: ['operator'],
  load_statement: ['operator'],
  settle_finding: ['operator', 'approver'],
  make_proof: ['operator', 'approver', 'auditor'],
  export: ['operator', 'auditor'],
  download: ['operator', 'auditor'],
  invite_staff: ['administrator'],
  change_staff: ['administrator'],
  end_sessions: ['administrator'],
  own_account: ['viewer', 'call_centre', 'operator', 'approver', 'auditor', 'administrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether a role has a permission. */
export function isPermitted(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/**
 * The console's pages: what reading one needs, and what each act needs that is posted to it (the form's field
 * `act`). Null: no session is needed. A page that is not listed here cannot be served.
 */
export const CONSOLE_ROUTES = {
  'admin.sign-in': { path: '/admin/sign-in', read: null, acts: { password: null, passkey: null } },
  'admin.invitations.$token': { path: '/admin/invitations/:token', read: null, acts: { password: null, totp: null, passkey: null } },
  'admin.sign-out': { path: '/admin/sign-out', read: 'see.account', acts: { sign_out: 'own_account' } },
  'admin._index': { path: '/admin', read: 'see.home', acts: {} },
  'admin.account': {
    path: '/admin/account',
    read: 'see.account',
    acts: {
      add_passkey: 'own_account',
      remove_passkey: 'own_account',
      set_password: 'own_account',
      start_totp: 'own_account',
      confirm_totp: 'own_account',
      end_session: 'own_account',
    },
  },
  'admin.find': { path: '/admin/find', read: 'see.find', acts: { find: 'see.find' } },
  'admin.people.$grantId._index': { path: '/admin/people/:grantId', read: 'see.person', acts: { unmask: 'unmask' } },
  'admin.people.$grantId.$act': {
    path: '/admin/people/:grantId/:act',
    read: 'see.person',
    // Each act of a person stands in `PERSON_ACTS`; the page asks for its own permission.
    acts: {
      resend: 'resend',
      freeze: 'freeze',
      release: 'release',
      change_address: 'change_address',
      ask_again: 'ask_again',
      settle_doubt: 'settle_doubt',
      reissue: 'reissue',
      give_back: 'give_back',
      extend: 'extend',
    },
  },
  'admin.coupons._index': { path: '/admin/coupons', read: 'see.coupons', acts: { find_coupon: 'see.coupons' } },
  'admin.coupons.register': { path: '/admin/coupons/register', read: 'see.register', acts: {} },
  'admin.coupons.candidates': { path: '/admin/coupons/candidates', read: 'see.register', acts: {} },
  'admin.coupons.cutoff': { path: '/admin/coupons/cutoff', read: 'see.register', acts: { count_cutoff: 'see.register' } },
  'admin.coupons.extend': { path: '/admin/coupons/extend', read: 'extend_coupons', acts: { extend_coupons: 'extend_coupons' } },
  'admin.coupons.$id._index': { path: '/admin/coupons/:id', read: 'see.coupons', acts: {} },
  'admin.coupons.$id.$act': {
    path: '/admin/coupons/:id/:act',
    read: 'see.coupons',
    acts: { put_back: 'put_back', extend_coupon: 'extend_coupon' },
  },
  'admin.cases._index': { path: '/admin/cases', read: 'see.cases', acts: { find_case: 'see.cases' } },
  'admin.cases.new': { path: '/admin/cases/new', read: 'work_case', acts: { look: 'work_case', open: 'work_case' } },
  'admin.cases.$id._index': {
    path: '/admin/cases/:id',
    read: 'see.cases',
    acts: {
      take: 'work_case',
      note: 'work_case',
      ask_shop: 'work_case',
      shop_answer: 'work_case',
      ask_more: 'work_case',
      check_again: 'work_case',
      payments: 'work_case',
      identify: 'work_case',
      refuse: 'refuse_case',
      close: 'work_case',
      unmask: 'unmask_caller',
    },
  },
  'admin.cases.$id.decide': { path: '/admin/cases/:id/decide', read: 'decide_case', acts: { decide_case: 'decide_case' } },
  'admin.redemptions': { path: '/admin/redemptions', read: 'see.lists', acts: { propose_reissue: 'bulk', propose_give_back: 'bulk' } },
  // Addresses, masked, of many: for who may see one person and more than one.
  'admin.bounced': { path: '/admin/bounced', read: 'see.many', acts: {} },
  'admin.waves': {
    path: '/admin/waves',
    read: 'see.waves',
    acts: { start: 'run_waves', pause: 'run_waves', resume: 'run_waves', stop: 'run_waves' },
  },
  // Counts people of a programme, and writes down what is to be sent.
  'admin.waves_.new': { path: '/admin/waves/new', read: 'run_waves', acts: { preview: 'run_waves', plan: 'run_waves' } },
  // Addresses, masked, of many: for who may see one person and more than one.
  'admin.waves_.$list': { path: '/admin/waves/:list', read: 'see.many', acts: {} },
  'admin.people.$grantId.messages': { path: '/admin/people/:grantId/messages', read: 'see.person', acts: {} },
  'admin.claims._index': { path: '/admin/claims', read: 'see.claims', acts: {} },
  'admin.claims.approve': { path: '/admin/claims/approve', read: 'propose_claims', acts: { propose: 'propose_claims' } },
  'admin.claims.$id': {
    path: '/admin/claims/:id',
    read: 'see.claims',
    acts: {
      ask: 'review_claims',
      refuse: 'review_claims',
      reopen: 'review_claims',
      mail: 'review_claims',
      number: 'review_claims',
      unmask: 'unmask',
    },
  },
  'admin.campaigns': { path: '/admin/campaigns', read: 'see.campaigns', acts: {} },
  'admin.campaigns_.preview': { path: '/admin/campaigns/preview', read: 'see.campaigns', acts: {} },
  'admin.campaigns_.rehearsal': { path: '/admin/campaigns/rehearsal', read: 'see.campaigns', acts: { play: 'edit_campaign' } },
  'admin.campaigns_.edit': {
    path: '/admin/campaigns/edit',
    read: 'edit_campaign',
    acts: { check: 'edit_campaign', save: 'edit_campaign' },
  },
  'admin.texts._index': { path: '/admin/texts', read: 'see.texts', acts: {} },
  'admin.texts.$text': {
    path: '/admin/texts/:text',
    read: 'see.texts',
    acts: { preview: 'see.texts', save: 'edit_texts', restore: 'edit_texts', test: 'edit_texts' },
  },
  'admin.charts': { path: '/admin/charts', read: 'see.charts', acts: {} },
  'admin.approvals._index': { path: '/admin/approvals', read: 'see.approvals', acts: {} },
  'admin.approvals.$id': {
    path: '/admin/approvals/:id',
    read: 'see.approvals',
    acts: {
      approve: 'decide',
      refuse: 'decide',
      withdraw: 'withdraw',
      pause: 'pause_bulk',
      resume: 'pause_bulk',
      stop: 'pause_bulk',
    },
  },
  'admin.providers._index': { path: '/admin/providers', read: 'see.providers', acts: {} },
  'admin.providers.$id': {
    path: '/admin/providers/:id',
    read: 'see.providers',
    acts: {
      preview: 'pause_provider',
      pause: 'pause_provider',
      resume: 'pause_provider',
      low_water: 'set_low_water',
      ask_funds: 'ask_funds',
      load_stock: 'load_stock',
    },
  },
  'admin.reconciliation._index': { path: '/admin/reconciliation', read: 'see.reconciliation', acts: { upload: 'load_statement' } },
  'admin.reconciliation.$id': {
    path: '/admin/reconciliation/:id',
    read: 'see.reconciliation',
    acts: { take: 'settle_finding', close: 'settle_finding' },
  },
  'admin.proofs': { path: '/admin/proofs', read: 'see.proofs', acts: { prove: 'make_proof' } },
  'admin.report': { path: '/admin/report', read: 'see.report', acts: {} },
  'admin.audit': { path: '/admin/audit', read: 'see.audit', acts: { verify: 'see.audit' } },
  'admin.exports._index': { path: '/admin/exports', read: 'see.exports', acts: { export: 'export' } },
  'admin.exports.$id': { path: '/admin/exports/:id', read: 'see.exports', acts: { download: 'download' } },
  'admin.staff._index': { path: '/admin/staff', read: 'see.staff', acts: { invite: 'invite_staff' } },
  'admin.staff.$id': {
    path: '/admin/staff/:id',
    read: 'see.staff',
    acts: {
      change: 'change_staff',
      invite_again: 'invite_staff',
      disable: 'change_staff',
      enable: 'change_staff',
      end_sessions: 'end_sessions',
    },
  },
} as const satisfies Record<string, ConsoleRoute>;

interface ConsoleRoute {
  readonly path: string;
  readonly read: Permission | null;
  readonly acts: Readonly<Record<string, Permission | null>>;
}

export type ConsoleRouteId = keyof typeof CONSOLE_ROUTES;

/** Acts that need the person at the keyboard proven anew (fresh passkey or TOTP), bound to this act and amount. */
export const STEP_UP_ACTS: readonly Permission[] = [
  'change_address',
  'settle_doubt',
  'reissue',
  'give_back',
  'extend',
  'put_back',
  'extend_coupon',
  'extend_coupons',
  'decide_case',
  'edit_campaign',
  'bulk',
  'propose_claims',
  'decide',
  'invite_staff',
  'change_staff',
  'end_sessions',
];

/** Whom a member of staff may see: everything, or the campaigns they are bound to. */
export type CampaignScope = 'all' | readonly string[];

/** Whether a campaign is within a scope. */
export function isInScope(scope: CampaignScope, campaignId: string): boolean {
  return scope === 'all' || scope.includes(campaignId);
}
