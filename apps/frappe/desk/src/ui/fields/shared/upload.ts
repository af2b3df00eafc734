/** Sends a file to the server and attaches it to a document. */
import type { ApiClient } from '@/core/api/client';

export interface UploadTarget { doctype: string; docname: string; fieldname?: string; isPrivate?: boolean }
export interface UploadedFile { name: string; file_name: string; file_url: string; is_private: number }

/** Uploads; the file is attached to the document unless that isn't saved yet. */
export async function uploadFile(api: ApiClient, file: File, { doctype, docname, fieldname, isPrivate = true }: UploadTarget): Promise<UploadedFile> {
  const form = new FormData();
  form.append('file', file, file.name);
  form.append('file_name', file.name);
  form.append('folder', 'Home');
  form.append('is_private', isPrivate ? '1' : '0');
  if (docname && !docname.startsWith('new-')) {
    form.append('doctype', doctype);
    form.append('docname', docname);
    if (fieldname) form.append('fieldname', fieldname);
  }
  const answer = await api.upload<UploadedFile>(form);
  return answer.message;
}
