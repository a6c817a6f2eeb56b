/** What an account may do; on the wire only its flags are seen (P-ROLE-03). */
export type Role = 'User' | 'RoomAdmin' | 'DocSpaceAdmin' | 'Guest';

/** How an account came about; `staff` are the owners of the API keys. */
export type Origin = 'existing' | 'post' | 'invite' | 'staff';

/** EmployeeStatus on the wire. */
export const employeeStatus = { active: 1, terminated: 2, pending: 4 } as const;
/** EmployeeActivationStatus on the wire. */
export const activationStatus = { activated: 1, pending: 2 } as const;

/** One account as the portal stores it. Times are epoch ms. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: Role;
  readonly isOwner: boolean;
  readonly status: 1 | 2 | 4;
  readonly activationStatus: 1 | 2;
  readonly registeredAt: number;
  readonly origin: Origin;
  /** Id of the account that made this one. */
  readonly createdBy?: string;
  readonly cultureName?: string;
  readonly location?: string;
  readonly notes?: string;
  readonly terminatedAt?: number;
}

/** Everything of an account but its id. */
export type AccountDraft = Omit<Account, 'id'>;

/**
 * The people of the portal. Addresses and user names are compared without case, as the MySQL
 * collation does. Every operation is O(1), so that 100,000 accounts are as quick as ten.
 */
export class Accounts {
  readonly #newId: () => string;
  readonly #byId = new Map<string, Account>();
  readonly #idByEmail = new Map<string, string>();
  readonly #userNames = new Set<string>();
  /** Last suffix given out for each local part: accounts are never removed, so it only grows. */
  readonly #suffixes = new Map<string, number>();
  #paidSeats = 0;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Accounts that take a paid seat: owner, DocSpaceAdmin and RoomAdmin. */
  get paidSeats(): number {
    return this.#paidSeats;
  }

  /** Everybody else's seats: User and Guest. */
  get userSeats(): number {
    return this.#byId.size - this.#paidSeats;
  }

  get(id: string): Account | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  find(email: string): Account | undefined {
    const id = this.#idByEmail.get(emailKey(email));
    return id === undefined ? undefined : this.#byId.get(id);
  }

  all(): IterableIterator<Account> {
    return this.#byId.values();
  }

  /** Everybody whose activation is pending, POSTed and invited alike; O(n). */
  pending(): Account[] {
    return [...this.#byId.values()].filter((one) => one.activationStatus === 2);
  }

  isUserNameTaken(userName: string): boolean {
    return this.#userNames.has(userName.toLowerCase());
  }

  /** The name itself, or with the first of 1, 2, 3… that is free. */
  freeUserName(base: string): string {
    if (!this.isUserNameTaken(base)) return base;
    const key = base.toLowerCase();
    let suffix = this.#suffixes.get(key) ?? 1;
    while (this.isUserNameTaken(`${base}${suffix}`)) suffix += 1;
    this.#suffixes.set(key, suffix);
    return `${base}${suffix}`;
  }

  add(draft: AccountDraft): Account {
    const account: Account = { id: this.#newId(), ...draft };
    this.#byId.set(account.id, account);
    this.#idByEmail.set(emailKey(account.email), account.id);
    this.#userNames.add(account.userName.toLowerCase());
    if (isPaid(account.role)) this.#paidSeats += 1;
    return account;
  }

  changeRole(account: Account, role: Role): Account {
    const changed = { ...account, role };
    this.#byId.set(account.id, changed);
    this.#paidSeats += Number(isPaid(role)) - Number(isPaid(account.role));
    return changed;
  }
}

/** Whether a role takes a paid seat. */
export function isPaid(role: Role): boolean {
  return role === 'RoomAdmin' || role === 'DocSpaceAdmin';
}

/** utf8_general_ci ignores case and trailing blanks (P-LOOKUP-04). */
function emailKey(email: string): string {
  return email.trimEnd().toLowerCase();
}
