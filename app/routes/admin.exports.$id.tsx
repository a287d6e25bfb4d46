import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { ExportPage } from '../components/console/export-page';
import { isPermitted } from '../domain/access';
import { takeExport } from '../services/take-export';
import { type ExportView, findOwnExport } from '../views/exports';

const LOOK_AGAIN_SECONDS = 3;

export const loader = staffPage('admin.exports.$id', async (visit) => {
  const file = await find(visit);
  return file ? page(visit, file) : notFound(visit);
});

export const action = staffForms('admin.exports.$id', {
  /** The answer to the press is the file itself: no address leads to it. */
  async download(visit) {
    const file = await find(visit);
    if (!file) return notFound(visit);
    const taken = await takeExport(visit.portal, { staff: visit.staff, exportId: file.id });
    if (taken.kind === 'refused') {
      const now = await find(visit);
      return now && taken.reason !== 'not_found' ? page(visit, now, 409) : notFound(visit);
    }
    const { chunks } = taken;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${taken.fileName}"`,
        'cache-control': 'no-store',
      },
    });
  },
});

function find(visit: StaffVisit): Promise<ExportView | null> {
  return findOwnExport(visit.portal, { staff: visit.staff, id: visit.params.id, now: visit.now });
}

function page(visit: StaffVisit, file: ExportView, status = 200): Promise<Response> {
  const { t, token, staff } = visit;
  return showConsole(
    visit,
    t('exports.title'),
    <ExportPage t={t} token={token} file={file} mayDownload={isPermitted(staff.role, 'download')} />,
    { status, refreshSeconds: file.moving ? LOOK_AGAIN_SECONDS : undefined },
  );
}
