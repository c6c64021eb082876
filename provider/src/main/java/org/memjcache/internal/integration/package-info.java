/**
 * The parts that an application plugs into a cache: loaders, writers, expiry policies, listeners
 * and serializers. What they throw leaves this package in the form that JCache prescribes. No lock
 * is held while application code runs.
 */
@NullMarked
package org.memjcache.internal.integration;

import org.jspecify.annotations.NullMarked;
