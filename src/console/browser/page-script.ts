import { keepLive } from './keep-live.ts';
import { fillCode } from './sign-in.ts';
import { localTimes } from './times.ts';
import { showProgress } from './upload.ts';

localTimes(document);
const stream = document.body.dataset.live;
if (stream !== undefined) keepLive(stream);
const code = document.querySelector<HTMLInputElement>('#sign-in [name=code]');
if (code !== null) fillCode(code);
const upload = document.querySelector<HTMLFormElement>('#upload');
if (upload !== null) showProgress(upload);
