/** Documents as they travel: plain objects with upstream's standard fields. */
export type DocStatus = 0 | 1 | 2;

export interface Doc {
  doctype: string;
  name: string;
  docstatus?: DocStatus;
  owner?: string;
  creation?: string;
  modified?: string;
  modified_by?: string;
  idx?: number;
  parent?: string;
  parenttype?: string;
  parentfield?: string;
  amended_from?: string | null;
  __islocal?: 1 | 0;
  __unsaved?: 1 | 0;
  __newname?: string;
  __onload?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What comes beside a document: rights, timeline, attachments. */
export interface DocInfo {
  permissions?: Record<string, number | boolean>;
  comments?: TimelineEntry[];
  versions?: TimelineEntry[];
  attachments?: Attachment[];
  assignments?: { owner: string; name?: string }[];
  shared?: Record<string, unknown>[];
  communications?: TimelineEntry[];
  tags?: string;
  user_info?: Record<string, { fullname?: string; image?: string | null; email?: string }>;
  next_step?: { text: string; indicator?: string };
  [key: string]: unknown;
}

export interface TimelineEntry {
  name: string;
  creation: string;
  owner: string;
  content?: string | null;
  data?: string | null;
  comment_type?: string;
  subject?: string | null;
  [key: string]: unknown;
}

export interface Attachment { name: string; file_name: string; file_url: string; is_private?: number; file_size?: number }
