/**
 * Carries a study out: planned restarts minus recorded ones are the ranges that a backend trains;
 * what it returns is recorded; at the end the cells are summed up. It knows neither which backend
 * it drives nor which system is studied.
 */
package org.basinsim.campaign;
