package org.memjcache.examples.spring;

import java.io.Serializable;

/**
 * What a stay costs.
 *
 * @param hotel number of the hotel
 * @param nights how many
 * @param euros for all of them
 * @param lookup which of the directory's look-ups it comes from
 */
record Price(long hotel, int nights, int euros, long lookup) implements Serializable {}
