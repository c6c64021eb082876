package org.memjcache.examples.spring;

import java.io.Serializable;

/**
 * The price of a stay.
 *
 * @param hotel number of the hotel
 * @param nights how many
 * @param euros for all of them
 * @param lookup which of the directory's lookups it comes from
 */
record Price(long hotel, int nights, int euros, long lookup) implements Serializable {}
