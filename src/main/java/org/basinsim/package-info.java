/** The program's entry point; what it does lives in the packages below, each with one concern. */
package org.basinsim;
