/**
 * The text of an input that stands for a value: shown formatted, edited plainly, read back when the person is done.
 * Invariant: a text that can't be understood stays in the input and is reported; the value doesn't change.
 */
import { onMounted, ref, watch, type Ref } from 'vue';
import { BadInput } from '@/core/fields/types';
import { behaviourOf } from '@/core/fields/registry';
import { useDesk } from '../../services';
import { useCommit } from '../../base/commit';
import type { FieldEditProps } from '../types';

export interface TextEntry {
  text: Ref<string>;
  input: Ref<HTMLInputElement | HTMLTextAreaElement | null>;
  /** For `:ref` in the template. */
  setInput(element: unknown): void;
  onFocus(): void;
  onInput(): void;
  commit(): void;
}

type Emit = (event: 'set' | 'problem', payload: never) => void;

export interface TextOptions {
  /** The text to edit (a number without groups); the formatted text by default. */
  plain?: (value: unknown) => string;
  /** Show the plain text also while nobody edits. */
  always?: boolean;
}

/** The text entry of an editor. */
export function useText(props: FieldEditProps, emit: Emit, { plain, always }: TextOptions = {}): TextEntry {
  const { format } = useDesk();
  const input = ref<HTMLInputElement | HTMLTextAreaElement | null>(null);
  const formatted = (value: unknown): string => behaviourOf(props.field).format(value, props.field, format, props.doc);
  const shown = (value = props.modelValue): string => (always && plain ? plain(value) : formatted(value));
  const text = ref(props.initialText ?? shown());
  let touched = props.initialText !== undefined;
  let focused = false;

  watch(() => [props.modelValue, props.field.options, props.field.precision], () => {
    if (!touched) text.value = focused && plain ? plain(props.modelValue) : shown();
  });

  function commit(): void {
    focused = false;
    if (!touched) {
      text.value = shown();
      return;
    }
    try {
      const value = behaviourOf(props.field).parse(text.value, props.field, format);
      touched = false;
      emit('problem', null as never);
      emit('set', value as never);
      text.value = shown(value);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      emit('problem', error.message as never);
    }
  }

  useCommit(commit);

  onMounted(() => {
    if (!props.autofocus) return;
    input.value?.focus();
    if (props.initialText === undefined) input.value?.select();
  });

  return {
    text,
    input,
    setInput: (element) => (input.value = element as HTMLInputElement | null),
    commit,
    onFocus() {
      focused = true;
      if (!plain || touched) return;
      text.value = plain(props.modelValue);
      // At once, not with the next drawing: who types at the same moment replaces the old number and adds nothing to it.
      if (input.value) input.value.value = text.value;
      input.value?.select();
      requestAnimationFrame(() => focused && !touched && input.value?.select()); // a click has put the caret somewhere
    },
    onInput() {
      touched = true;
    },
  };
}
