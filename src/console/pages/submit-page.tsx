import { grouped } from '../../count.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { OpenUploads } from '../uploads/uploads.ts';
import { Steps } from './parts/steps.tsx';
import { InviteFields, SafetyFields, WhoFields } from './submit-fields.tsx';

interface SubmitProps {
  uploads: OpenUploads;
  viewer: Viewer;
  /** Zone of the server, as Europe/Berlin. */
  zone: string;
  portal: string | undefined;
}

/** The form for a list. Nothing is submitted by it: a plan comes first. */
export function SubmitPage({ uploads, viewer, zone, portal }: SubmitProps) {
  const most = grouped(Math.floor(uploads.mostBytes / 1_048_576));
  return (
    <>
      <Steps current="Upload" />
      <h1>Start a batch</h1>
      {portal === undefined ? (
        <section class="banner wait">
          <div>
            <h2>No portal is set</h2>
            <p>
              Set <code>DOCSPACE_URL</code> and start the console again; until then a list cannot be
              planned.
            </p>
          </div>
        </section>
      ) : null}
      <form id="upload" method="post" action="/submit" enctype="multipart/form-data" class="column">
        <input type="hidden" name="token" value={viewer.token} />
        <section class="card">
          <h2>The list</h2>
          <div class="field">
            <label for="files">Files</label>
            <input
              id="files"
              name="files"
              type="file"
              accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.xlsx"
              multiple
              required
              aria-describedby="files-hint"
            />
            <p class="muted" id="files-hint">
              {`CSV, JSON, NDJSON or XLSX, at most ${most} MB together. `}
              <a href="/submit/template.csv">A template to fill in</a>
            </p>
          </div>
          <p>
            Nothing is sent to the portal yet: you see a plan first, with every row that would stay
            out.
          </p>
          <progress id="sent" class="sent" max={100} value={0} aria-label="Sent" hidden />
          <p id="trouble" class="error" role="alert" hidden />
          <p class="actions">
            <button type="submit" class="primary">
              Upload and plan
            </button>
          </p>
        </section>
        <WhoFields />
        <InviteFields zone={zone} />
        <SafetyFields uploads={uploads} />
      </form>
    </>
  );
}

/** Instead of the form where this console takes no list. */
export function ClosedPage({ why }: { why: string }) {
  return (
    <>
      <h1>Start a batch</h1>
      <section class="card">
        <p>
          <bdi>{why}</bdi>
        </p>
        <p>
          From a terminal it is <code>onboard submit people.csv</code>. Everything else works here.
        </p>
      </section>
    </>
  );
}
