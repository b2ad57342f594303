//! All tables with all columns, as statements that take rows out and put rows in as JSON. A test compares the columns with
//! those of the database.

/// One table. Rows are read in the order of their key.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Its columns, with a space after each.
    pub(super) columns: &'static str,
    pub(super) key: &'static [&'static str],
    /// A key before all others, as a JSON object.
    pub(super) first: &'static str,
    /// Rows after the key `$1`, a JSON object, at most `$2`, each as a JSON object; the two texts are for SQLite and PostgreSQL.
    pub(super) read: [&'static str; 2],
    /// Puts rows in, a JSON array of objects.
    pub(super) insert: [&'static str; 2],
    /// Completes rows when all are there, a JSON array of objects.
    pub(super) complete: Option<[&'static str; 2]>,
    pub(super) count: &'static str,
    /// Takes out the rows that migrations put in.
    pub(super) clear: Option<&'static str>,
    /// Lets PostgreSQL number new rows after those that were put in; SQLite does by itself.
    pub(super) numbers: Option<&'static str>,
    /// Rows that are read at a time.
    pub(super) piece: i64,
}

macro_rules! table {
    (
        $name:ident by ($major:ident $major_kind:ident $(, $minor:ident $minor_kind:ident)*), $piece:literal
        $(, $option:ident)*: $first:ident $($column:ident)*
    ) => {
        Table {
            name: stringify!($name),
            columns: concat!(stringify!($first), " ", $(stringify!($column), " ",)*),
            key: &[stringify!($major) $(, stringify!($minor))*],
            first: concat!(
                "{", table!(@ first $major $major_kind) $(, ", ", table!(@ first $minor $minor_kind))*, "}"
            ),
            read: [
                concat!(
                    "select json_object('", stringify!($first), "', ", stringify!($first),
                    $(", '", stringify!($column), "', ", stringify!($column),)*
                    ") from ", stringify!($name),
                    " where (", stringify!($major) $(, ", ", stringify!($minor))*, ") > (",
                    table!(@ sqlite $major) $(, ", ", table!(@ sqlite $minor))*,
                    ") order by ", stringify!($major) $(, ", ", stringify!($minor))*, " limit $2"
                ),
                concat!(
                    "select cast(row_to_json(t) as text) from ", stringify!($name),
                    " t where (", stringify!($major) $(, ", ", stringify!($minor))*, ") > (",
                    table!(@ postgres $major $major_kind) $(, ", ", table!(@ postgres $minor $minor_kind))*,
                    ") order by ", stringify!($major) $(, ", ", stringify!($minor))*, " limit $2"
                ),
            ],
            insert: [
                concat!(
                    "insert into ", stringify!($name), " (", stringify!($first), $(", ", stringify!($column),)*
                    ") select json_extract(value, '$.", stringify!($first), "')",
                    $(", json_extract(value, '$.", stringify!($column), "')",)*
                    " from json_each($1)"
                ),
                concat!(
                    "insert into ", stringify!($name), " select * from json_populate_recordset(null::",
                    stringify!($name), ", cast($1 as json))"
                ),
            ],
            complete: None,
            count: concat!("select count(*) from ", stringify!($name)),
            clear: None,
            numbers: None,
            piece: $piece,
        }
        $(.$option(table!(@ $option $name)))*
    };
    (@ first $key:ident bigint) => { concat!("\"", stringify!($key), "\": -1") };
    (@ first $key:ident text) => { concat!("\"", stringify!($key), "\": \"\"") };
    (@ sqlite $key:ident) => { concat!("json_extract($1, '$.", stringify!($key), "')") };
    (@ postgres $key:ident $kind:ident) => {
        concat!("cast(cast($1 as json)->>'", stringify!($key), "' as ", stringify!($kind), ")")
    };
    (@ one $name:ident) => { concat!("delete from ", stringify!($name)) };
    (@ tree $name:ident) => { TREE };
    (@ numbered $name:ident) => {
        concat!(
            "select setval(pg_get_serial_sequence('", stringify!($name), "', 'id'), \
             (select coalesce(max(id), 0) + 1 from ", stringify!($name), "), false)"
        )
    };
}

/// How pages are put in: first all of them, then which is below which.
#[derive(Clone, Copy)]
struct Tree {
    insert: [&'static str; 2],
    complete: [&'static str; 2],
}

const TREE: Tree = Tree {
    insert: [
        "insert into page (document_id, slug, path, position) select json_extract(value, '$.document_id'), \
         json_extract(value, '$.slug'), json_extract(value, '$.path'), json_extract(value, '$.position') \
         from json_each($1)",
        "insert into page (document_id, slug, path, position) select document_id, slug, path, position \
         from json_populate_recordset(null::page, cast($1 as json))",
    ],
    complete: [
        "update page set parent_id = json_extract(value, '$.parent_id') from json_each($1) \
         where document_id = json_extract(value, '$.document_id')",
        "update page set parent_id = t.parent_id from json_populate_recordset(null::page, cast($1 as json)) t \
         where page.document_id = t.document_id",
    ],
};

impl Table {
    const fn one(mut self, clear: &'static str) -> Self {
        self.clear = Some(clear);
        self
    }

    const fn numbered(mut self, numbers: &'static str) -> Self {
        self.numbers = Some(numbers);
        self
    }

    const fn tree(mut self, tree: Tree) -> Self {
        self.insert = tree.insert;
        self.complete = Some(tree.complete);
        self
    }
}

/// In an order in which each row finds those that it refers to.
pub(super) const TABLES: [Table; 63] = [
    table!(users by (id bigint), 1000, numbered: id email name role password_hash credential_version active created_at
        signed_in_at search_text),
    table!(code_app by (user_id bigint), 1000: user_id salt added_at wrong_codes),
    table!(passkey by (id bigint), 1000, numbered: id user_id credential_id name credential backed_up added_at used_at),
    table!(code_step by (user_id bigint, step bigint), 5000: user_id step),
    table!(recovery_code by (code_hash text), 5000: code_hash user_id used_at),
    table!(invitation by (token_hash text), 1000: token_hash purpose user_id created_at expires_at),
    table!(session by (id bigint), 1000, numbered: id id_hash user_id device data created_at seen_at expires_at),
    table!(known_device by (id bigint), 1000, numbered: id user_id device_hash device network first_seen_at last_seen_at),
    table!(company_identity by (issuer text, subject text), 1000: issuer subject user_id linked_at),
    table!(saved_view by (id bigint), 1000, numbered: id user_id list name query created_at),
    table!(setting by (name text), 1000: name value),
    table!(opening_step by (name text), 100: name done_at done_by),
    table!(backup_outcome by (trial text), 100: trial at milliseconds file fault),
    table!(app_key by (name text), 1000: name value),
    table!(faq_category by (id bigint), 1000, numbered: id page_id slug title position created_at),
    table!(faq_category_former_slug by (page_id bigint, slug text), 5000: page_id slug category_id created_at),
    table!(document by (id bigint), 5000, numbered: id kind latest_revision_id published_revision_id created_at trashed_at
        trashed_with_id),
    table!(document_type_version by (id bigint), 100, numbered: id key version definition changes author_id author_name created_at),
    table!(revision by (id bigint), 100, numbered: id document_id version document_type title slug category_id clause_number menu_label
        menu layout summary body owner review_by change_note fields author_id author_name created_at search_text made_from),
    table!(document_draft by (user_id bigint, key text), 100: user_id key kind document_id parent base fields sequence
        tab state saved_at),
    table!(draft_media by (user_id bigint, key text, path text), 5000: user_id key path),
    table!(document_presence by (document_id bigint, user_id bigint), 1000: document_id user_id seen_at),
    table!(revision_media by (revision_id bigint, path text), 5000: revision_id path),
    table!(undescribed_picture by (revision_id bigint), 5000: revision_id),
    table!(revision_label by (revision_id bigint, name text), 5000: revision_id name label),
    table!(media by (id bigint), 1000, numbered: id path kind title labels focus hash source_hash previous_hash
        previous_source_hash replaced_at replacer_name uploader_id uploader_name created_at deleted_at search_text),
    table!(media_file by (media_id bigint, of_hash text, hash text), 5000: media_id of_hash hash content_type width height bytes),
    table!(media_claim by (hash text, token text), 5000: hash token is_deletion ends_at),
    table!(publication by (id bigint), 1000, numbered: id document_id revision_id published_at restored_at ended_at
        published_by publisher_name approved_by approver_name note),
    table!(preview_link by (id bigint), 1000, numbered: id token_hash document_id revision_id created_by creator_name
        created_at expires_at),
    table!(document_review by (document_id bigint), 1000: document_id reviewed_at reviewer_id reviewer_name next_review_on
        replaces),
    table!(document_owner by (document_id bigint), 1000: document_id user_id role),
    table!(comment by (id bigint), 1000, numbered: id document_id reply_to author_id author_name created_at quote body
        resolved_at resolver_name),
    table!(comment_mention by (comment_id bigint, user_id bigint), 1000: comment_id user_id),
    table!(schedule by (id bigint), 1000, numbered: id document_id revision_id due_at created_by creator_name created_at
        ended_at outcome),
    table!(page by (document_id bigint), 5000, tree: document_id parent_id slug path position),
    table!(menu_entry by (id bigint), 1000, numbered: id menu position document_id label target is_hidden is_added),
    table!(faq_item by (document_id bigint), 5000: document_id category_id page_id slug position),
    table!(faq_former_slug by (page_id bigint, slug text), 5000: page_id slug document_id created_at),
    table!(redirect by (id bigint), 5000, numbered: id path document_id target covers_below by_hand left_by_id created_at
        search_text),
    table!(redirect_use by (redirect_id bigint), 5000: redirect_id hits last_used_at),
    table!(missing_path by (path text), 5000: path hits last_at dismissed),
    table!(link by (revision_id bigint, url text), 5000: revision_id url origin path fragment is_relative document_id),
    table!(message by (id bigint), 500, numbered: id reference received_at status topic name email sender role country body
        spam_score spam_reasons assignee_id answer saved_at saved_by answered_at answered_by kept_from delete_after version
        handled_by search_text),
    table!(message_note by (id bigint), 1000, numbered: id message_id created_at author_id author_name body),
    table!(message_draft by (message_id bigint, user_id bigint), 1000: message_id user_id answer note assignee),
    table!(mail by (id bigint), 500, numbered: id kind state created_at author_name message_id token recipient recipient_name
        subject answer quoted attempts due_at busy_until fault sent_at user_id schedule_id),
    table!(notice_choice by (user_id bigint), 1000: user_id messages own_documents told_message next_at),
    table!(daily_mail by (id bigint), 10, one: id day sent_at),
    table!(review_notice by (document_id bigint, user_id bigint), 1000: document_id user_id review_on),
    table!(address_link by (token_hash text), 1000: token_hash user_id email created_at expires_at),
    table!(webhook by (id bigint), 100, numbered: id url salt events created_at creator_name delivered_at),
    table!(webhook_delivery by (id bigint), 500, numbered: id webhook_id event body state created_at attempts due_at busy_until fault),
    table!(answer_template by (id bigint), 1000, numbered: id name body created_at),
    table!(search_term by (day text, term text), 5000: day term typed searches zero_results),
    table!(audit_log by (id bigint), 1000, numbered: id at actor_id actor_name action subject_kind subject_id subject detail
        contents search_text previous_hash hash),
    table!(undoable by (id bigint), 100, numbered: id at steps first_entry last_entry),
    table!(retention by (id bigint), 10, one: id waits_until agreed paused),
    table!(running_time by (id bigint), 10, one: id milliseconds seen_at steady_at wall_at machine
        machine_since),
    table!(site by (id bigint), 10, one: id version),
    table!(audit_check by (id bigint), 10, one: id begun_at seen_at ended_at entries result),
    table!(submission by (key text), 100: key owner target response keep_till),
    table!(write_check by (id bigint), 10, one: id count),
];
