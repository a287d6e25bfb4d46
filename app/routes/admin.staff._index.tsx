import { invite, staffListPage } from '../auth/staff-list';
import { staffForms, staffPage } from '../auth/staff-visit';

/** Who works here. */
export const loader = staffPage('admin.staff._index', staffListPage);

export const action = staffForms('admin.staff._index', { invite });
