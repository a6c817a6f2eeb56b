import { cheapHash, linkAuthOn, proxyAuthOn, usersAuthOn } from '../console/auth/auth-case.ts';
import { servedConsole } from '../console/console-case.ts';
import { openStage } from '../support/stage.ts';

/** Pages for somebody who is not signed in, for each way to sign in. */
export const signInScenes = [
  {
    name: 'signing in by a code',
    pages: [['/sign-in', 200]] as const,
    open: async () => {
      const stage = await openStage();
      return { operator: await servedConsole(stage, 'operator', { auth: linkAuthOn(stage).auth }) };
    },
  },
  {
    name: 'signing in by a password',
    pages: [['/sign-in', 200]] as const,
    open: async () => {
      const stage = await openStage();
      const { auth } = usersAuthOn(stage, `ana:viewer:${cheapHash('a password')}`);
      return { operator: await servedConsole(stage, 'operator', { auth }) };
    },
  },
  {
    name: 'closed to somebody whom its proxy does not know',
    pages: [['/', 403]] as const,
    open: async () => {
      const stage = await openStage();
      const env = { CONSOLE_PROXY_ADDRESSES: '10.0.0.5', CONSOLE_ROLES: '*=viewer' };
      const { auth, site } = proxyAuthOn(stage, env);
      return { operator: await servedConsole(stage, 'operator', { auth, site }) };
    },
  },
];
