/// Images that are held elsewhere: a record names where one lies, and it is fetched from a
/// directory, a web server or an object store.
///
/// What a record names comes from outside, so nothing is fetched but what the operator has allowed:
/// a URI is brought into one form, which is then both checked and fetched ({@link
/// dev.mekiki.encoder.reference.ReferenceUri}); names are looked up once, and the address that was
/// checked is the one connected to ({@link dev.mekiki.encoder.reference.Addresses}); each redirect
/// is checked as the first URI was. Time, bytes and the number of fetches are bounded, in all and
/// for each server ({@link dev.mekiki.encoder.reference.Capacity}). Depends on no other package of
/// the encoder.
///
/// Start at {@link dev.mekiki.encoder.reference.References}.
@NullMarked
package dev.mekiki.encoder.reference;

import org.jspecify.annotations.NullMarked;
