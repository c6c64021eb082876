// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

/** What an item turned out to be: an entry, or why it is none. */
public sealed interface OpenedEnvelope permits VerifiedEnvelope, UnreadableEnvelope {}
