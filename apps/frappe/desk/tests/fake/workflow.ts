/** The workflow of the tests: a draft is sent to be looked at, and approved or sent back. */
export interface TestWorkflowDoc {
  doctype: string;
  name: string;
  workflow_state_field?: string;
  style?: string;
  states?: { state: string; doc_status: string; allow_edit: string }[];
  transitions?: { state: string; action: string; next_state: string; allowed: string }[];
}

/** What the server sends with a DocType that has the workflow. */
export function testWorkflow(): TestWorkflowDoc[] {
  return [
    {
      doctype: 'Workflow', name: 'Order Approval', workflow_state_field: 'workflow_state',
      states: [{ state: 'Draft', doc_status: '0', allow_edit: 'Sales User' }, { state: 'Pending', doc_status: '0', allow_edit: 'Sales Manager' }, { state: 'Approved', doc_status: '1', allow_edit: 'Sales Manager' }, { state: 'Rejected', doc_status: '0', allow_edit: 'Sales User' }],
      transitions: [
        { state: 'Draft', action: 'Review', next_state: 'Pending', allowed: 'Sales User' },
        { state: 'Pending', action: 'Approve', next_state: 'Approved', allowed: 'Sales Manager' },
        { state: 'Pending', action: 'Reject', next_state: 'Rejected', allowed: 'Sales Manager' },
      ],
    },
    { doctype: 'Workflow State', name: 'Approved', style: 'Success' },
    { doctype: 'Workflow State', name: 'Rejected', style: 'Danger' },
    { doctype: 'Workflow State', name: 'Draft', style: '' },
  ];
}
