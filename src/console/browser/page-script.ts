import { keepLive } from './keep-live.ts';
import { localTimes } from './times.ts';

localTimes(document);
const stream = document.body.dataset.live;
if (stream !== undefined) keepLive(stream);
