/**
 * Sends a form with files and shows how much has arrived. The server answers with the address of the
 * plan, or with a page that says what is wrong.
 */
export function showProgress(form: HTMLFormElement): void {
  const bar = form.querySelector<HTMLProgressElement>('#sent');
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
  const trouble = form.querySelector<HTMLElement>('#trouble');
  if (bar === null || button === null || trouble === null) return;

  const fail = (text: string) => {
    bar.hidden = true;
    button.disabled = false;
    trouble.hidden = false;
    trouble.textContent = text;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    bar.hidden = false;
    bar.value = 0;
    button.disabled = true;
    trouble.hidden = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.value = total === 0 ? 0 : (loaded / total) * 100;
    });
    request.addEventListener('load', () => {
      if (request.status < 400) location.assign(request.responseURL);
      else fail(reasonIn(request.responseText));
    });
    request.addEventListener('error', () => {
      fail('The files did not arrive: the connection to the console was lost. Send them again.');
    });
    request.open('POST', form.action);
    request.send(new FormData(form));
  });
}

/** The sentence of a page about an error. */
function reasonIn(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const [title, text] = ['h1', 'main .card p'].map(
    (selector) => page.querySelector(selector)?.textContent?.trim() ?? '',
  );
  return text === '' ? 'The files were refused.' : `${title}. ${text}`;
}
