/** One action on several documents while it goes on: it lives apart from its dialog, which can be closed and opened again. */
import { computed, ref, shallowRef } from 'vue';
import { asApiError } from '@/core/api/errors';
import { stripHtml } from '@/core/text';
import type { Outcome } from './outcomes';

/** Does it to the documents; tells each outcome and looks whether to stop. */
export type Worker = (names: readonly string[], tell: (outcome: Outcome) => void, isStopped: () => boolean) => Promise<{ fileUrl?: string }>;

export class BulkRun {
  readonly state = ref<'asking' | 'running' | 'finished'>('asking');
  readonly outcomes = shallowRef<readonly Outcome[]>([]);
  readonly stopped = ref(false);
  readonly fileUrl = ref('');
  /** Why the whole of it could not be done. */
  readonly problem = ref('');
  readonly failed = computed(() => this.outcomes.value.filter(({ ok }) => !ok));
  readonly done = computed(() => this.outcomes.value.length - this.failed.value.length);
  readonly percent = computed(() => Math.round((this.outcomes.value.length / Math.max(1, this.names.length)) * 100));

  constructor(readonly names: readonly string[], private readonly work: Worker, private readonly finished: (run: BulkRun) => void, /** It goes on by itself when its dialog is closed. */ readonly inBackground: boolean) {}

  /** Whether everything went well. */
  get isClean(): boolean {
    return !this.failed.value.length && !this.stopped.value && !this.problem.value;
  }

  /** Does it to all, or to some of the documents. */
  async start(names: readonly string[] = this.names): Promise<void> {
    this.state.value = 'running';
    this.stopped.value = false;
    this.problem.value = '';
    try {
      const end = await this.work(names, (outcome) => (this.outcomes.value = [...this.outcomes.value, outcome]), () => this.stopped.value);
      this.fileUrl.value = end.fileUrl ?? '';
    } catch (error) {
      this.problem.value = stripHtml(asApiError(error).message);
    }
    this.state.value = 'finished';
    this.finished(this);
  }

  /** Does it again to those that failed. */
  async again(): Promise<void> {
    const names = this.failed.value.map(({ name }) => name);
    this.outcomes.value = this.outcomes.value.filter(({ ok }) => ok);
    await this.start(names);
  }
}
