/**
 * What people and notebooks read: tables of cells, exports, JSON. From a results file alone; no
 * backend, no study.
 */
package org.basinsim.report;
