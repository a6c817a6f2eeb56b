/** The exit of a command and all of its output. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A running command. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** Sends SIGINT or SIGTERM; others, and a second one that ends a drain, reach processes alone. */
  send(signal: NodeJS.Signals): void;
}

export interface Given {
  /** Added to the environment of the place. */
  env?: Readonly<Record<string, string>>;
  stdin?: string;
  /** Stands for Ctrl-C. */
  interrupt?: AbortSignal;
}

/** Arguments, environment and streams of a command. */
export interface Call {
  args: readonly string[];
  /** Its working folder. */
  dir: string;
  env: Readonly<Record<string, string>>;
  stdin: string;
}
