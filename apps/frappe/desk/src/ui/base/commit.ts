/**
 * How an editor is told to settle what was typed before it goes away (a grid moves on, a form is saved).
 * The one who shows editors provides the slot; an editor registers its `commit`, however deep it is wrapped.
 */
import { inject, onBeforeUnmount, provide, type InjectionKey } from 'vue';

export type Commit = () => void | Promise<void>;

interface CommitSlot { register(commit: Commit): () => void }

const COMMIT: InjectionKey<CommitSlot> = Symbol('commit');

/** Registers the editor's `commit` with whoever shows it, if anybody listens. */
export function useCommit(commit: Commit): void {
  const unregister = inject(COMMIT, null)?.register(commit);
  if (unregister) onBeforeUnmount(unregister);
}

/** Provides the slot for the editors below; the returned function settles all of them. */
export function provideCommit(): () => Promise<void> {
  const commits = new Set<Commit>();
  provide(COMMIT, {
    register(commit) {
      commits.add(commit);
      return () => commits.delete(commit);
    },
  });
  return async () => {
    await Promise.all([...commits].map((commit) => commit()));
  };
}
