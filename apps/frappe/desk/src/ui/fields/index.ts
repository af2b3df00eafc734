/** Registers all field types. Imported once, by the application. */
import { registerFields } from './definitions';
import attachField from './attach';
import attachImageField from './attach-image';
import autocompleteField from './autocomplete';
import barcodeField from './barcode';
import buttonField from './button';
import checkField from './check';
import codeField from './code';
import colorField from './color';
import currencyField from './currency';
import dataField from './data';
import dateField from './date';
import datetimeField from './datetime';
import durationField from './duration';
import dynamicLinkField from './dynamic-link';
import floatField from './float';
import geolocationField from './geolocation';
import headingField from './heading';
import htmlField from './html';
import htmlEditorField from './html-editor';
import iconField from './icon';
import imageField from './image';
import intField from './int';
import jsonField from './json';
import linkField from './link';
import longTextField from './long-text';
import markdownEditorField from './markdown-editor';
import multiselectField from './multiselect';
import passwordField from './password';
import percentField from './percent';
import phoneField from './phone';
import ratingField from './rating';
import readOnlyField from './read-only';
import selectField from './select';
import signatureField from './signature';
import smallTextField from './small-text';
import tableField from './table';
import tableMultiselectField from './table-multiselect';
import textField from './text';
import textEditorField from './text-editor';
import timeField from './time';
import type { FieldDefinition } from './types';

const definitions: readonly FieldDefinition[] = [
  attachField, attachImageField, autocompleteField, barcodeField, buttonField, checkField, codeField, colorField, currencyField, dataField, dateField, datetimeField, durationField, dynamicLinkField, floatField, geolocationField, headingField, htmlField, htmlEditorField, iconField, imageField, intField, jsonField, linkField, longTextField, markdownEditorField, multiselectField, passwordField, percentField, phoneField, ratingField, readOnlyField, selectField, signatureField, smallTextField, tableField, tableMultiselectField, textField, textEditorField, timeField,
];

registerFields(definitions);
