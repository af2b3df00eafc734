/** DocTypes as the server describes them. Invariant: attribute names are upstream's; unknown attributes are kept. */
export type FieldType =
  | 'Data' | 'Small Text' | 'Text' | 'Long Text' | 'Text Editor' | 'Markdown Editor' | 'HTML Editor' | 'Code' | 'JSON'
  | 'Int' | 'Float' | 'Currency' | 'Percent' | 'Check' | 'Select' | 'Link' | 'Dynamic Link' | 'Date' | 'Datetime' | 'Time'
  | 'Duration' | 'Table' | 'Table MultiSelect' | 'MultiSelect' | 'Autocomplete' | 'Attach' | 'Attach Image' | 'Image'
  | 'Password' | 'Read Only' | 'Rating' | 'Color' | 'Barcode' | 'Geolocation' | 'Signature' | 'Icon' | 'Phone' | 'Button'
  | 'HTML' | 'Heading' | 'Section Break' | 'Column Break' | 'Tab Break';

type Flag = 0 | 1 | boolean | number;

export interface DocField {
  fieldname: string;
  fieldtype: FieldType;
  label?: string | null;
  options?: string | null;
  default?: string | number | null;
  description?: string | null;
  placeholder?: string | null;
  reqd?: Flag;
  hidden?: Flag;
  read_only?: Flag;
  bold?: Flag;
  unique?: Flag;
  no_copy?: Flag;
  allow_on_submit?: Flag;
  set_only_once?: Flag;
  permlevel?: number;
  mask?: Flag;
  depends_on?: string | null;
  mandatory_depends_on?: string | null;
  read_only_depends_on?: string | null;
  collapsible?: Flag;
  collapsible_depends_on?: string | null;
  fetch_from?: string | null;
  fetch_if_empty?: Flag;
  in_list_view?: Flag;
  in_standard_filter?: Flag;
  in_preview?: Flag;
  allow_in_quick_entry?: Flag;
  non_negative?: Flag;
  precision?: string | number | null;
  length?: number;
  columns?: number;
  hide_days?: Flag;
  hide_seconds?: Flag;
  hide_border?: Flag;
  ignore_user_permissions?: Flag;
  remember_last_selected_value?: Flag;
  link_filters?: string | null;
  max_height?: string | null;
  is_virtual?: Flag;
  print_hide?: Flag;
  report_hide?: Flag;
  translatable?: Flag;
  documentation_url?: string | null;
  show_dashboard?: Flag;
  parent?: string;
  idx?: number;
  [attribute: string]: unknown;
}

export interface DocPerm {
  role: string;
  permlevel?: number;
  if_owner?: Flag;
  [right: string]: unknown;
}

export interface DocTypeLink {
  link_doctype: string;
  link_fieldname: string;
  group?: string | null;
  parent_doctype?: string | null;
  table_fieldname?: string | null;
  is_child_table?: Flag;
  hidden?: Flag;
}

export interface DocTypeState { title: string; color?: string }

export interface DashboardData {
  fieldname?: string;
  non_standard_fieldnames?: Record<string, string>;
  internal_links?: Record<string, string | [string, string]>;
  transactions?: { label?: string; items: string[] }[];
}

export interface DocTypeData {
  doctype?: 'DocType';
  name: string;
  module?: string;
  fields: DocField[];
  permissions?: DocPerm[];
  links?: DocTypeLink[];
  states?: DocTypeState[];
  autoname?: string | null;
  naming_rule?: string | null;
  title_field?: string | null;
  image_field?: string | null;
  search_fields?: string | null;
  sort_field?: string | null;
  sort_order?: string | null;
  show_title_field_in_link?: Flag;
  istable?: Flag;
  issingle?: Flag;
  is_tree?: Flag;
  is_submittable?: Flag;
  is_virtual?: Flag;
  editable_grid?: Flag;
  allow_rename?: Flag;
  allow_copy?: Flag;
  allow_import?: Flag;
  quick_entry?: Flag;
  track_changes?: Flag;
  read_only?: Flag;
  in_create?: Flag;
  hide_toolbar?: Flag;
  max_attachments?: number;
  nsm_parent_field?: string | null;
  description?: string | null;
  icon?: string | null;
  default_view?: string | null;
  __js_url?: string;
  __list_js_url?: string;
  __messages?: Record<string, string>;
  __dashboard?: DashboardData;
  [attribute: string]: unknown;
}
