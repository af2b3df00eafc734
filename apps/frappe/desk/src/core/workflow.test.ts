import { describe, expect, it } from 'vitest';
import { testWorkflow } from '../../tests/fake/workflow';
import { Workflow } from './workflow';

const workflow = Workflow.from(testWorkflow())!;
const inState = (state: string) => ({ doctype: 'Sales Order', name: 'SO-1', workflow_state: state });

describe('a workflow', () => {
  it('is there only when the server sent one', () => {
    expect(Workflow.from([])).toBeNull();
    expect(Workflow.from(undefined)).toBeNull();
    expect(workflow.field).toBe('workflow_state');
  });

  it('takes a document without a state as being in the first one', () => {
    expect(workflow.stateOf(inState(''))).toBe('Draft');
    expect(workflow.stateOf(inState('Approved'))).toBe('Approved');
  });

  it('lets the role of the state edit, and nobody else', () => {
    expect(workflow.mayEdit(inState('Draft'), ['Sales User'])).toBe(true);
    expect(workflow.mayEdit(inState('Pending'), ['Sales User'])).toBe(false);
  });

  it('colours states as their author chose', () => {
    expect([workflow.tone('Approved'), workflow.tone('Rejected'), workflow.tone('Draft')]).toEqual(['green', 'red', null]);
  });

  it('knows whom a document waits for', () => {
    expect(workflow.waitsFor(inState('Pending'))).toEqual(['Sales Manager']);
    expect(workflow.waitsFor(inState('Rejected'))).toEqual([]);
  });

  it('tells where an open step leads', () => {
    const open = [{ action: 'Approve', next_state: 'Approved' }, { action: 'Reject', next_state: 'Rejected' }];
    expect(workflow.steps(open)).toEqual([
      { action: 'Approve', nextState: 'Approved', docstatus: 1, tone: 'primary' },
      { action: 'Reject', nextState: 'Rejected', docstatus: 0, tone: 'danger' },
    ]);
  });

  it('says whether it cancels itself', () => {
    expect(workflow.cancels).toBe(false);
    const more = testWorkflow();
    more[0]!.states!.push({ state: 'Void', doc_status: '2', allow_edit: 'Sales Manager' });
    more[0]!.transitions!.push({ state: 'Approved', action: 'Void', next_state: 'Void', allowed: 'Sales Manager' });
    expect(Workflow.from(more)!.cancels).toBe(true);
  });
});
