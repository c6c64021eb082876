/**
 * What tests of all packages share: servers, providers, second JVMs, sample values, waiting. No
 * tests.
 */
@NullMarked
package org.memjcache.support;

import org.jspecify.annotations.NullMarked;
