// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.doctor;

/**
 * Something that is wrong, or will be.
 *
 * @param name which finding it is, for scripts: a word or two with hyphens
 * @param subject the server, or what else it is about
 * @param what what was found
 * @param remedy what to do
 */
public record Finding(String name, String subject, String what, String remedy) {}
