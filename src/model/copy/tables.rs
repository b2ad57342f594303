//! All tables with all columns, as statements that take rows out and put rows in as JSON. A test compares the columns with
//! those of the database.

/// One table. Rows are read in the order of their key.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Its columns, with a space after each.
    pub(super) columns: &'static str,
    /// Rows from `$1` on, at most `$2`, each as a JSON object; the two texts are for SQLite and PostgreSQL.
    pub(super) read: [&'static str; 2],
    /// Puts one row in, a JSON object.
    pub(super) insert: [&'static str; 2],
    pub(super) count: &'static str,
    /// Takes out the rows that migrations put in.
    pub(super) clear: Option<&'static str>,
    /// Lets PostgreSQL number new rows after those that were put in; SQLite does by itself.
    pub(super) numbers: Option<&'static str>,
    /// Rows that are read at a time.
    pub(super) piece: i64,
}

macro_rules! table {
    ($name:ident by $key:literal, $piece:literal $(, $option:ident)*: $first:ident $($column:ident)*) => {
        Table {
            name: stringify!($name),
            columns: concat!(stringify!($first), " ", $(stringify!($column), " ",)*),
            read: [
                concat!(
                    "select json_object('", stringify!($first), "', ", stringify!($first),
                    $(", '", stringify!($column), "', ", stringify!($column),)*
                    ") from ", stringify!($name), " order by ", $key, " limit $2 offset $1"
                ),
                concat!(
                    "select cast(row_to_json(t) as text) from ", stringify!($name), " t order by ", $key,
                    " limit $2 offset $1"
                ),
            ],
            insert: [
                concat!(
                    "insert into ", stringify!($name), " (", stringify!($first), $(", ", stringify!($column),)*
                    ") select json_extract($1, '$.", stringify!($first), "')",
                    $(", json_extract($1, '$.", stringify!($column), "')",)*
                ),
                concat!(
                    "insert into ", stringify!($name), " select * from json_populate_record(null::",
                    stringify!($name), ", cast($1 as json))"
                ),
            ],
            count: concat!("select count(*) from ", stringify!($name)),
            clear: None,
            numbers: None,
            piece: $piece,
        }
        $(.$option(table!(@ $option $name)))*
    };
    (@ one $name:ident) => { concat!("delete from ", stringify!($name)) };
    (@ numbered $name:ident) => {
        concat!(
            "select setval(pg_get_serial_sequence('", stringify!($name), "', 'id'), \
             (select coalesce(max(id), 0) + 1 from ", stringify!($name), "), false)"
        )
    };
}

impl Table {
    const fn one(mut self, clear: &'static str) -> Self {
        self.clear = Some(clear);
        self
    }

    const fn numbered(mut self, numbers: &'static str) -> Self {
        self.numbers = Some(numbers);
        self
    }
}

/// In an order in which each row finds those that it refers to. Pages refer to pages, see [`PAGES`].
pub(super) const TABLES: [Table; 26] = [
    table!(users by "id", 1000, numbered: id email name role password_hash credential_version active created_at
        signed_in_at search_text),
    table!(invitation by "token_hash", 1000: token_hash purpose user_id created_at expires_at),
    table!(session by "id", 1000, numbered: id id_hash user_id device data created_at seen_at expires_at),
    table!(setting by "name", 1000: name value),
    table!(app_key by "name", 1000: name value),
    table!(faq_category by "id", 1000, numbered: id slug title position created_at),
    table!(document by "id", 5000, numbered: id kind latest_revision_id published_revision_id created_at trashed_at
        trashed_with_id),
    table!(revision by "id", 200, numbered: id document_id version title slug category_id clause_number menu_label menu
        layout summary body owner review_by change_note fields author_id author_name created_at search_text made_from),
    table!(publication by "id", 1000, numbered: id document_id revision_id published_at restored_at ended_at published_by
        publisher_name approved_by approver_name note),
    table!(preview_link by "id", 1000, numbered: id token_hash document_id revision_id created_by creator_name created_at
        expires_at),
    table!(schedule by "id", 1000, numbered: id document_id revision_id due_at created_by creator_name created_at ended_at
        outcome),
    table!(page by "document_id", 5000: document_id parent_id slug path position),
    table!(faq_item by "document_id", 5000: document_id category_id slug position),
    table!(faq_former_slug by "slug", 5000: slug document_id created_at),
    table!(redirect by "path", 5000: path document_id created_at),
    table!(link by "revision_id, origin, path, fragment", 5000: revision_id origin path fragment is_relative),
    table!(message by "id", 500, numbered: id reference received_at status topic name email role country body spam_score
        spam_reasons assignee_id answer saved_at saved_by answered_at answered_by kept_from delete_after version
        handled_by search_text),
    table!(message_note by "id", 1000, numbered: id message_id created_at author_id author_name body),
    table!(message_draft by "message_id, user_id", 1000: message_id user_id answer note assignee),
    table!(search_term by "day, term", 5000: day term typed searches zero_results),
    table!(audit_log by "id", 1000, numbered: id at actor_id actor_name action subject_kind subject_id subject detail
        contents search_text previous_hash hash),
    table!(retention by "id", 10, one: id waits_until agreed paused),
    table!(running_time by "id", 10, one: id milliseconds seen_at steady_at wall_at machine
        machine_since),
    table!(site by "id", 10, one: id version),
    table!(submission by "key", 100: key owner target response keep_till),
    table!(write_check by "id", 10, one: id count),
];

/// Pages as [`Table::read`] gives them, but each after the one above it.
pub(super) const PAGES: [&str; 2] = [
    "with recursive tree (id, depth) as (select document_id, 0 from page where parent_id is null union all \
     select p.document_id, t.depth + 1 from tree t join page p on p.parent_id = t.id) \
     select json_object('document_id', document_id, 'parent_id', parent_id, 'slug', slug, 'path', path, \
     'position', position) from tree t join page p on p.document_id = t.id order by t.depth, t.id limit $2 offset $1",
    "with recursive tree (id, depth) as (select document_id, 0 from page where parent_id is null union all \
     select p.document_id, t.depth + 1 from tree t join page p on p.parent_id = t.id) \
     select cast(row_to_json(p) as text) from tree t join page p on p.document_id = t.id \
     order by t.depth, t.id limit $2 offset $1",
];
