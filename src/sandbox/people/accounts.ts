import { localPart } from './addresses.ts';
import type { Contact } from './columns.ts';

/** Role of an account; on the wire only its flags are visible (P-ROLE-03). */
export type Role = 'User' | 'RoomAdmin' | 'DocSpaceAdmin' | 'Guest';

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
  /** Without the group of its type, because the portal failed after storing it (P-CREATE-13). */
  readonly isHalfMade: boolean;
  readonly hasPassword: boolean;
  readonly status: 1 | 2 | 4;
  readonly activationStatus: 1 | 2;
  readonly registeredAt: number;
  /** `staff` are the owners of the API keys. */
  readonly origin: 'existing' | 'post' | 'invite' | 'staff';
  /** Id of the creator. */
  readonly createdBy?: string | undefined;
  /** As requested: a malformed one breaks every answer that shows the account (P-CREATE-14). */
  readonly cultureName?: string | undefined;
  readonly contacts?: readonly Contact[] | undefined;
  readonly location?: string | undefined;
  readonly notes?: string | undefined;
  readonly terminatedAt?: number | undefined;
}

/** A new account; unnamed fields have the defaults of `Accounts.add`. */
export type AccountDraft = Partial<Account> &
  Pick<Account, 'email' | 'role' | 'registeredAt' | 'origin'>;

/**
 * The accounts of the portal. Addresses and user names are compared without case and accents,
 * like the MySQL collation does. Every operation is O(1), so that 100,000 accounts are as fast as ten.
 */
export class Accounts {
  readonly #newId: () => string;
  readonly #byId = new Map<string, Account>();
  readonly #idByEmail = new Map<string, string>();
  readonly #userNames = new Set<string>();
  /** Last suffix of each local part; accounts are never removed, so it only grows. */
  readonly #suffixes = new Map<string, number>();
  #paidSeats = 0;
  #guests = 0;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Number of accounts on a paid seat: owner, DocSpaceAdmin and RoomAdmin. */
  get paidSeats(): number {
    return this.#paidSeats;
  }

  get guests(): number {
    return this.#guests;
  }

  get(id: string): Account | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  find(email: string): Account | undefined {
    const id = this.#idByEmail.get(keyOf(email));
    return id === undefined ? undefined : this.#byId.get(id);
  }

  all(): IterableIterator<Account> {
    return this.#byId.values();
  }

  /** All accounts with a pending activation, both created and invited; O(n). */
  pending(): Account[] {
    return [...this.all()].filter((one) => one.activationStatus === activationStatus.pending);
  }

  isUserNameTaken(userName: string): boolean {
    return this.#userNames.has(keyOf(userName));
  }

  /** The name, with the first free suffix of 1, 2, 3… if it is taken. */
  freeUserName(base: string): string {
    if (!this.isUserNameTaken(base)) return base;
    const key = keyOf(base);
    let suffix = this.#suffixes.get(key) ?? 1;
    while (this.isUserNameTaken(`${base}${suffix}`)) suffix += 1;
    this.#suffixes.set(key, suffix);
    return `${base}${suffix}`;
  }

  /** Adds an active person with a free user name, except for what `draft` says. */
  add(draft: AccountDraft): Account {
    const account: Account = {
      id: this.#newId(),
      userName: draft.userName ?? this.freeUserName(localPart(draft.email)),
      firstName: '',
      lastName: '',
      isOwner: false,
      isHalfMade: false,
      hasPassword: true,
      status: employeeStatus.active,
      activationStatus: activationStatus.activated,
      ...draft,
    };
    this.#byId.set(account.id, account);
    const key = keyOf(account.email);
    // Two lock classes can make two accounts of one address; a lookup returns one of them (P-RACE-01).
    if (!this.#idByEmail.has(key)) this.#idByEmail.set(key, account.id);
    this.#userNames.add(keyOf(account.userName));
    this.#count(account.role, 1);
    return account;
  }

  /** Gives an account the group of a role. */
  changeRole(account: Account, role: Role): Account {
    return this.change(account, { role, isHalfMade: false });
  }

  /** Changes what no index holds of the account with this id. */
  change(
    { id }: Account,
    change: Partial<Pick<Account, 'role' | 'isHalfMade' | 'hasPassword'>>,
  ): Account {
    const account = this.#byId.get(id);
    if (account === undefined) throw new Error('no such account');
    const changed = { ...account, ...change };
    this.#byId.set(id, changed);
    this.#count(account.role, -1);
    this.#count(changed.role, 1);
    return changed;
  }

  #count(role: Role, change: number): void {
    if (isPaid(role)) this.#paidSeats += change;
    else if (role === 'Guest') this.#guests += change;
  }
}

/** Whether a role takes a paid seat. */
export function isPaid(role: Role): boolean {
  return role === 'RoomAdmin' || role === 'DocSpaceAdmin';
}

/** utf8_general_ci ignores case, accents and trailing spaces (P-LOOKUP-04). */
function keyOf(text: string): string {
  return text.trimEnd().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
