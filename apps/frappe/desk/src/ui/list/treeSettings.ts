/** What a DocType's tree script sets (`frappe.treeview_settings`). Invariant: pure. */
export interface ScriptNode { label: string; title: string; expandable: boolean; is_root: boolean; data: Record<string, unknown> }
export interface NodeButton { label: string; condition?(node: ScriptNode): unknown; click(node: ScriptNode): unknown }

export interface TreeSettings {
  /** The function of the server that gives the nodes. */
  get_tree_nodes?: string;
  disable_add_node?: unknown;
  get_label?(node: ScriptNode): unknown;
  toolbar?: NodeButton[];
  filters?: { fieldname: string; default?: unknown }[];
}

/** What the script's filters begin with, as arguments of the call for nodes. */
export function filterDefaults({ filters = [] }: TreeSettings): Record<string, unknown> {
  return Object.fromEntries(filters.filter((filter) => filter.default !== undefined && filter.default !== null && filter.default !== '').map((filter) => [filter.fieldname, filter.default]));
}

/** The buttons of a node; one whose condition fails is not there. */
export function buttonsOf({ toolbar = [] }: TreeSettings, node: ScriptNode): NodeButton[] {
  return toolbar.filter(({ condition, click }) => typeof click === 'function' && holds(condition, node));
}

function holds(condition: NodeButton['condition'], node: ScriptNode): boolean {
  try {
    return !condition || Boolean(condition(node));
  } catch (error) {
    console.error(error);
    return false;
  }
}
