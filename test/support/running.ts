/** How a command ended and all that it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that is under way. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** SIGINT or SIGTERM; others, and a second one that ends a drain, reach processes only. */
  send(signal: NodeJS.Signals): void;
}

export interface Given {
  /** Beside the environment of the place. */
  env?: Readonly<Record<string, string>>;
  stdin?: string;
  /** Stands for Ctrl-C. */
  interrupt?: AbortSignal;
}

/** What a command is started with. */
export interface Call {
  args: readonly string[];
  /** Where it runs. */
  dir: string;
  env: Readonly<Record<string, string>>;
  stdin: string;
}
