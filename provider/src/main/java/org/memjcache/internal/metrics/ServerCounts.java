// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

/**
 * What is known of the servers of a cluster at a moment. Immutable.
 *
 * @param listed how many are in the list
 * @param ofOthers how many other processes use that are not in the list
 * @param lookups how often they were looked up, failures among them; 0 if they aren't discovered
 * @param failedLookups how often that has failed
 * @param changes how often the list has changed by it, the first one left out
 */
public record ServerCounts(
    int listed, int ofOthers, long lookups, long failedLookups, long changes) {}
