-- A telephony database for SQL Server 2022, to see xpdb at work: users, lines, 50,000 calls, voicemail in FILESTREAM,
-- and most things that make moving a database hard. It runs on the sandbox and, with paths that exist and FILESTREAM
-- switched on, on a real server.
CREATE DATABASE [Telephony]
ON PRIMARY
  (NAME = N'Telephony', FILENAME = N'D:\Data\Telephony.mdf', SIZE = 65536KB, MAXSIZE = UNLIMITED, FILEGROWTH = 65536KB),
FILEGROUP [Archive]
  (NAME = N'Telephony_archive', FILENAME = N'D:\Data\Telephony_archive.ndf', SIZE = 16384KB, MAXSIZE = 4194304KB, FILEGROWTH = 10%),
FILEGROUP [Voicemail] CONTAINS FILESTREAM DEFAULT
  (NAME = N'Telephony_voicemail', FILENAME = N'D:\Filestream\Telephony')
LOG ON
  (NAME = N'Telephony_log', FILENAME = N'L:\Log\Telephony_log.ldf', SIZE = 32768KB, MAXSIZE = 2048GB, FILEGROWTH = 32768KB)
COLLATE Latin1_General_100_CI_AS
GO
ALTER DATABASE [Telephony] SET COMPATIBILITY_LEVEL = 160
GO
ALTER DATABASE [Telephony] SET RECOVERY FULL
GO
ALTER DATABASE [Telephony] SET ALLOW_SNAPSHOT_ISOLATION ON
GO
ALTER DATABASE [Telephony] SET AUTO_UPDATE_STATISTICS_ASYNC ON
GO
ALTER DATABASE [Telephony] SET ACCELERATED_DATABASE_RECOVERY = ON
GO
USE [Telephony]
GO
SET ANSI_NULLS ON
GO
SET QUOTED_IDENTIFIER ON
GO

-- Who may do what -----------------------------------------------------------------------------------------------------
GO
CREATE USER [switchboard] WITHOUT LOGIN WITH DEFAULT_SCHEMA = [dbo]
GO
CREATE USER [O'Brien, night shift] WITHOUT LOGIN
GO
CREATE USER [billing clerk] WITHOUT LOGIN WITH DEFAULT_SCHEMA = [billing]
GO
CREATE ROLE [operators]
GO
CREATE ROLE [auditors] AUTHORIZATION [operators]
GO
ALTER ROLE [operators] ADD MEMBER [switchboard]
GO
ALTER ROLE [operators] ADD MEMBER [O'Brien, night shift]
GO
ALTER ROLE [db_datareader] ADD MEMBER [auditors]
GO
CREATE SCHEMA [billing] AUTHORIZATION [billing clerk]
GO
CREATE SCHEMA [reports]
GO
CREATE SCHEMA [voice mail] AUTHORIZATION [operators]
GO

-- Types, bound defaults and rules, sequences, synonyms ----------------------------------------------------------------
GO
CREATE DEFAULT [dbo].[UnknownNumber] AS 'unknown'
GO
CREATE RULE [dbo].[NotNegative] AS @amount >= 0
GO
CREATE RULE [dbo].[DialString] AS @number NOT LIKE '%[^-0-9+#* a-z]%'
GO
CREATE TYPE [dbo].[PhoneNumber] FROM varchar(32) NOT NULL
GO
EXEC sys.sp_bindefault @defname = N'[dbo].[UnknownNumber]', @objname = N'[dbo].[PhoneNumber]'
GO
EXEC sys.sp_bindrule @rulename = N'[dbo].[DialString]', @objname = N'[dbo].[PhoneNumber]'
GO
CREATE TYPE [billing].[Amount] FROM decimal(19, 4) NULL
GO
CREATE TYPE [dbo].[NumberList] AS TABLE (
  [Number] varchar(32) NOT NULL,
  [Priority] tinyint NOT NULL DEFAULT ((5)) CHECK ([Priority] <= (9)),
  PRIMARY KEY CLUSTERED ([Number])
)
GO
CREATE SEQUENCE [dbo].[TicketNumber] AS bigint START WITH 1000 INCREMENT BY 5 MINVALUE 1000 MAXVALUE 999999 CYCLE CACHE 20
GO
CREATE SEQUENCE [billing].[InvoiceNumber] AS decimal(18, 0) START WITH 1 INCREMENT BY 1 NO CACHE
GO
CREATE XML SCHEMA COLLECTION [dbo].[HandsetSettings] AS N'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:handset" elementFormDefault="qualified"><xsd:element name="handset"><xsd:complexType><xsd:sequence><xsd:element name="ring" type="xsd:string"/><xsd:element name="volume" type="xsd:int" minOccurs="0"/></xsd:sequence></xsd:complexType></xsd:element></xsd:schema>'
GO
CREATE PARTITION FUNCTION [CallsByYear](datetime2(3)) AS RANGE RIGHT FOR VALUES ('2021-01-01T00:00:00', '2022-01-01T00:00:00', '2023-01-01T00:00:00')
GO
CREATE PARTITION SCHEME [CallsByYear] AS PARTITION [CallsByYear] TO ([Archive], [Archive], [PRIMARY], [PRIMARY])
GO

-- Tables --------------------------------------------------------------------------------------------------------------
GO
CREATE TABLE [dbo].[Users] (
  [UserId] int IDENTITY(1, 1) NOT NULL,
  [Name] nvarchar(100) NOT NULL,
  [Extension] [dbo].[PhoneNumber] NOT NULL,
  [Pin] char(4) COLLATE Latin1_General_BIN2 NULL,
  [Manager] int NULL,
  [Photo] varbinary(max) NULL,
  [Settings] xml([dbo].[HandsetSettings]) NULL,
  [HiredOn] date NULL CONSTRAINT [DF_Users_HiredOn] DEFAULT (getdate()),
  [Initial] AS (left([Name], (1))) PERSISTED,
  [Version] rowversion NOT NULL,
  CONSTRAINT [PK_Users] PRIMARY KEY CLUSTERED ([UserId]) WITH (FILLFACTOR = 90, PAD_INDEX = ON),
  CONSTRAINT [UQ_Users_Extension] UNIQUE NONCLUSTERED ([Extension] DESC)
) ON [PRIMARY] TEXTIMAGE_ON [Archive]
GO
CREATE TABLE [dbo].[Tariffs] (
  [TariffId] smallint NOT NULL PRIMARY KEY,
  [Parent] smallint NULL,
  [Name] nvarchar(60) NOT NULL,
  [PerMinute] smallmoney NULL CHECK ([PerMinute] >= (0)),
  [Country] nchar(2) NOT NULL DEFAULT (N'DE')
)
GO
CREATE FUNCTION [dbo].[DigitsOnly](@number varchar(32)) RETURNS varchar(32) WITH SCHEMABINDING AS
BEGIN
  DECLARE @i int, @digits varchar(32)
  SELECT @i = 1, @digits = ''
  WHILE @i <= LEN(@number)
  BEGIN
    IF SUBSTRING(@number, @i, 1) LIKE '[0-9]' SET @digits = @digits + SUBSTRING(@number, @i, 1)
    SET @i = @i + 1
  END
  RETURN @digits
END
GO
CREATE TABLE [dbo].[Lines] (
  [LineId] int IDENTITY(100, 10) NOT NULL,
  [UserId] int NULL,
  [Number] [dbo].[PhoneNumber] NOT NULL,
  [TariffId] smallint NOT NULL,
  [Released] datetime NULL,
  [Digits] AS ([dbo].[DigitsOnly]([Number])),
  [Ticket] bigint NOT NULL CONSTRAINT [DF_Lines_Ticket] DEFAULT (NEXT VALUE FOR [dbo].[TicketNumber]),
  [Fax] bit SPARSE NULL,
  [Note] nvarchar(200) SPARSE NULL,
  [Extras] xml COLUMN_SET FOR ALL_SPARSE_COLUMNS,
  CONSTRAINT [PK_Lines] PRIMARY KEY NONCLUSTERED ([LineId])
)
GO
CREATE CLUSTERED INDEX [CX_Lines] ON [dbo].[Lines] ([UserId], [LineId])
GO
CREATE TABLE [dbo].[Calls] (
  [CallId] int IDENTITY(1, 1) NOT NULL,
  [LineId] int NOT NULL,
  [Started] datetime2(3) NOT NULL,
  [Ended] datetime2(3) NULL,
  [Remote] varchar(32) NOT NULL,
  [Direction] char(1) NOT NULL CONSTRAINT [DF_Calls_Direction] DEFAULT ('O'),
  [Cost] [billing].[Amount] NULL,
  [Quality] real NULL,
  [CallKey] uniqueidentifier NULL,
  [Seconds] AS (datediff(second, [Started], [Ended])) PERSISTED,
  [Minutes] AS ((datediff(second, [Started], [Ended]) + (59)) / (60)),
  CONSTRAINT [PK_Calls] PRIMARY KEY CLUSTERED ([Started], [CallId]) WITH (DATA_COMPRESSION = PAGE ON PARTITIONS (1 TO 2)) ON [CallsByYear]([Started]),
  CONSTRAINT [CK_Calls_Direction] CHECK ([Direction] = 'I' OR [Direction] = 'O')
)
GO
CREATE TABLE [voice mail].[Messages] (
  [MessageId] uniqueidentifier ROWGUIDCOL NOT NULL CONSTRAINT [DF_Messages_MessageId] DEFAULT (newsequentialid()),
  [UserId] int NOT NULL,
  [Received] datetimeoffset(7) NOT NULL,
  [Caller] varchar(32) NULL,
  [Audio] varbinary(max) FILESTREAM NULL,
  [Transcript] nvarchar(max) NULL,
  CONSTRAINT [PK_Messages] PRIMARY KEY CLUSTERED ([MessageId])
) ON [PRIMARY] FILESTREAM_ON [Voicemail]
GO
CREATE TABLE [billing].[Invoices] (
  [InvoiceId] decimal(18, 0) NOT NULL CONSTRAINT [DF_Invoices_InvoiceId] DEFAULT (NEXT VALUE FOR [billing].[InvoiceNumber]),
  [UserId] int NOT NULL,
  [Month] date NOT NULL,
  [Total] [billing].[Amount] NULL,
  [Paid] bit NOT NULL DEFAULT ((0)),
  CONSTRAINT [PK_Invoices] PRIMARY KEY CLUSTERED ([InvoiceId]),
  CONSTRAINT [UQ_Invoices] UNIQUE ([UserId], [Month])
)
GO
EXEC sys.sp_bindrule @rulename = N'[dbo].[NotNegative]', @objname = N'[billing].[Invoices].[Total]'
GO
ALTER TABLE [billing].[Invoices] SET (LOCK_ESCALATION = DISABLE)
GO
-- A heap without any key, with rows that are equal to the last bit.
CREATE TABLE [dbo].[Busy signals] (
  [Line] int NULL,
  [At] smalldatetime NULL
)
GO
-- Names that have to be quoted with care.
CREATE TABLE [dbo].[Log ]] of "calls" 'n' more] (
  [Größe ☎] int NOT NULL,
  [select] nvarchar(50) NULL,
  [a.b] varchar(10) NULL CONSTRAINT [DF ]] odd] DEFAULT ('it''s'),
  [ ] int NULL,
  CONSTRAINT [PK "odd" ]]] PRIMARY KEY ([Größe ☎])
)
GO
-- Every type from 2008 to 2014.
CREATE TABLE [dbo].[Every type] (
  [Id] int NOT NULL CONSTRAINT [PK_Every_type] PRIMARY KEY,
  [c_bit] bit NULL,
  [c_tinyint] tinyint NULL,
  [c_smallint] smallint NULL,
  [c_int] int NULL,
  [c_bigint] bigint NULL,
  [c_decimal] decimal(38, 0) NULL,
  [c_fraction] decimal(38, 38) NULL,
  [c_numeric] numeric(18, 4) NULL,
  [c_money] money NULL,
  [c_smallmoney] smallmoney NULL,
  [c_float] float NULL,
  [c_real] real NULL,
  [c_date] date NULL,
  [c_time] time(7) NULL,
  [c_time0] time(0) NULL,
  [c_datetime] datetime NULL,
  [c_datetime2] datetime2(7) NULL,
  [c_smalldatetime] smalldatetime NULL,
  [c_datetimeoffset] datetimeoffset(7) NULL,
  [c_char] char(10) NULL,
  [c_varchar] varchar(8000) NULL,
  [c_varcharmax] varchar(max) NULL,
  [c_cyrillic] varchar(20) COLLATE Cyrillic_General_CI_AS NULL,
  [c_text] text NULL,
  [c_nchar] nchar(10) NULL,
  [c_nvarchar] nvarchar(4000) NULL,
  [c_nvarcharmax] nvarchar(max) NULL,
  [c_ntext] ntext NULL,
  [c_binary] binary(8) NULL,
  [c_varbinary] varbinary(8000) NULL,
  [c_varbinarymax] varbinary(max) NULL,
  [c_image] image NULL,
  [c_uniqueidentifier] uniqueidentifier NULL,
  [c_xml] xml NULL,
  [c_sql_variant] sql_variant NULL,
  [c_hierarchyid] hierarchyid NULL,
  [c_geometry] geometry NULL,
  [c_geography] geography NULL,
  [c_sysname] sysname NULL,
  [c_timestamp] timestamp NOT NULL
)
GO
-- UTF-8 came with 2019.
CREATE TABLE [dbo].[Announcements] (
  [Language] char(2) NOT NULL PRIMARY KEY,
  [Text] varchar(200) COLLATE Latin1_General_100_CI_AS_SC_UTF8 NOT NULL
)
GO

-- Rows ----------------------------------------------------------------------------------------------------------------
GO
SET IDENTITY_INSERT [dbo].[Users] ON
INSERT INTO [dbo].[Users] ([UserId], [Name], [Extension], [Pin], [Manager], [Photo], [Settings], [HiredOn]) VALUES
  (1, N'Ada Núñez', '100', '0042', NULL, 0x89504E470D0A1A0A, N'<handset xmlns="urn:handset"><ring>bell</ring><volume>7</volume></handset>', '2009-04-01'),
  (2, N'Böttcher, Jürgen', '101', '1234', 1, NULL, NULL, '2012-11-15'),
  (3, N'王小明', '102', NULL, 1, 0x, N'<handset xmlns="urn:handset"><ring>標準</ring></handset>', '2015-02-28'),
  (7, N'Zoë O''Neill', '107', '9999', 2, NULL, NULL, '2016-02-29'),
  (8, N'', '108', '    ', 2, NULL, NULL, NULL),
  (1000, N'Reception 📞', '0', '0000', NULL, NULL, NULL, '1999-12-31')
SET IDENTITY_INSERT [dbo].[Users] OFF
GO
-- The last numbers went to users who are gone: the next one is 2001.
DBCC CHECKIDENT (N'[dbo].[Users]', RESEED, 2000) WITH NO_INFOMSGS
GO
INSERT INTO [dbo].[Tariffs] ([TariffId], [Parent], [Name], [PerMinute], [Country]) VALUES
  (1, NULL, N'Standard', 0.0990, N'DE'),
  (2, 1, N'Evening', NULL, N'DE'),
  (3, 1, N'Österreich', 0.1490, N'AT'),
  (4, 3, N'Österreich, abends', NULL, N'AT'),
  (-1, NULL, N'Emergency', 0, N'EU')
GO
WITH [digits] ([n]) AS (SELECT [n] FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS [v] ([n]))
INSERT INTO [dbo].[Lines] ([UserId], [Number], [TariffId], [Released], [Ticket])
SELECT
  CASE [a].[n] % 7 WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 3 WHEN 3 THEN 7 WHEN 4 THEN 8 WHEN 5 THEN 1000 END,
  '+49 30 555-' + CAST(1000 + 10 * [b].[n] + [a].[n] AS varchar(10)),
  1 + ([a].[n] + [b].[n]) % 4,
  CASE WHEN [b].[n] = 9 THEN CAST('2022-06-30T23:59:59.997' AS datetime) END,
  1000 + 5 * (10 * [b].[n] + [a].[n])
FROM [digits] AS [a] CROSS JOIN [digits] AS [b]
ORDER BY [b].[n], [a].[n]
GO
UPDATE [dbo].[Lines] SET [Fax] = 1, [Note] = N'also answers as fax; old № 4711' WHERE [LineId] = 140
GO
ALTER SEQUENCE [dbo].[TicketNumber] RESTART WITH 1500
GO
-- 50,000 calls over four years, the same on every run.
WITH [digits] ([n]) AS (SELECT [n] FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS [v] ([n])),
[numbers] ([n]) AS (
  SELECT [a].[n] + 10 * [b].[n] + 100 * [c].[n] + 1000 * [d].[n] + 10000 * [e].[n]
  FROM [digits] AS [a] CROSS JOIN [digits] AS [b] CROSS JOIN [digits] AS [c] CROSS JOIN [digits] AS [d] CROSS JOIN [digits] AS [e]
  WHERE [e].[n] < 5
),
[drawn] ([n], [started], [length], [dice]) AS (
  SELECT [n], DATEADD(millisecond, ([n] * 37) % 1000, DATEADD(second, [n] * 2523, CAST('2020-01-01T06:00:00' AS datetime2(3)))),
    ([n] * 7919) % 1800, ([n] * 4729 + 17) % 1000
  FROM [numbers]
)
INSERT INTO [dbo].[Calls] ([LineId], [Started], [Ended], [Remote], [Direction], [Cost], [Quality], [CallKey])
SELECT
  100 + 10 * ([n] % 100),
  [started],
  CASE WHEN [dice] < 960 THEN DATEADD(second, [length], [started]) END,
  CASE WHEN [dice] % 50 = 0 THEN 'withheld' ELSE '+' + CAST(43 + [dice] % 6 AS varchar(2)) + ' ' + CAST(100000 + ([n] * 6151) % 900000 AS varchar(10)) END,
  CASE WHEN [dice] % 3 = 0 THEN 'I' ELSE 'O' END,
  CASE WHEN [dice] < 960 THEN CAST([length] * 0.0165 AS decimal(19, 4)) END,
  CASE WHEN [dice] % 10 > 0 THEN CAST([dice] AS real) / 200 END,
  CAST(CAST([n] + 1 AS binary(16)) AS uniqueidentifier)
FROM [drawn]
ORDER BY [n]
GO
INSERT INTO [voice mail].[Messages] ([MessageId], [UserId], [Received], [Caller], [Audio], [Transcript]) VALUES
  ('6F9619FF-8B86-D011-B42D-00C04FC964FF', 1, '2023-03-26T01:59:59.9999999+01:00', '+49 30 555-1004', 0x524946462400000057415645666D74201000000001000100401F0000401F0000010008006461746100000000, N'Rückruf bitte — es eilt.' + NCHAR(13) + NCHAR(10) + N'Danke!'),
  ('00000000-0000-0000-0000-000000000000', 3, '0001-01-01T14:00:00.0000000+14:00', NULL, 0x, N''),
  ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 1000, '9999-12-31T09:59:59.9999999-14:00', 'withheld', NULL, NULL)
GO
INSERT INTO [billing].[Invoices] ([InvoiceId], [UserId], [Month], [Total], [Paid]) VALUES
  (1, 1, '2023-01-01', 12.3456, 1),
  (2, 2, '2023-01-01', 0, 0),
  (3, 1, '2023-02-01', 999999999999999.9999, 0),
  -- Billed to a user who is no longer there: the foreign key below is not trusted.
  (4, 99, '2023-02-01', NULL, 0)
GO
ALTER SEQUENCE [billing].[InvoiceNumber] RESTART WITH 5
GO
INSERT INTO [dbo].[Busy signals] ([Line], [At]) VALUES
  (100, '2023-01-01T00:00:00'), (100, '2023-01-01T00:00:00'), (100, '2023-01-01T00:00:00'), (NULL, NULL), (NULL, NULL), (110, '2079-06-06T23:59:00')
GO
INSERT INTO [dbo].[Log ]] of "calls" 'n' more] ([Größe ☎], [select], [a.b], [ ]) VALUES
  (1, N'GO', 'x''y', NULL),
  (2, N'line one
GO
line three', ']', 2),
  (-3, N'-- no comment /* at all', NULL, 3)
GO
INSERT INTO [dbo].[Every type] ([Id], [c_bit], [c_tinyint], [c_smallint], [c_int], [c_bigint], [c_decimal], [c_fraction], [c_numeric], [c_money], [c_smallmoney],
  [c_float], [c_real], [c_date], [c_time], [c_time0], [c_datetime], [c_datetime2], [c_smalldatetime], [c_datetimeoffset],
  [c_char], [c_varchar], [c_varcharmax], [c_cyrillic], [c_text], [c_nchar], [c_nvarchar], [c_nvarcharmax], [c_ntext],
  [c_binary], [c_varbinary], [c_varbinarymax], [c_image], [c_uniqueidentifier], [c_xml], [c_sql_variant],
  [c_hierarchyid], [c_geometry], [c_geography], [c_sysname]) VALUES
  (1, 0, 0, -32768, -2147483648, -9223372036854775808, -99999999999999999999999999999999999999, -0.99999999999999999999999999999999999999, -99999999999999.9999, -922337203685477.5808, -214748.3648,
   -1.7976931348623157E+308, -3.4028235E+38, '0001-01-01', '00:00:00.0000000', '00:00:00', '1753-01-01T00:00:00.000', '0001-01-01T00:00:00.0000000', '1900-01-01T00:00:00', '0001-01-01T00:00:00.0000000+00:00',
   'padded', '', '', N'Привет', '', N'pad', N'', N'', N'',
   0x0000000000000000, 0x, 0x, 0x, '00000000-0000-0000-0000-000000000000', N'<a/>', CAST(CAST(7 AS tinyint) AS sql_variant),
   CAST(0x AS hierarchyid), NULL, NULL, N'dbo'),
  (2, 1, 255, 32767, 2147483647, 9223372036854775807, 99999999999999999999999999999999999999, 0.99999999999999999999999999999999999999, 99999999999999.9999, 922337203685477.5807, 214748.3647,
   1.7976931348623157E+308, 3.4028235E+38, '9999-12-31', '23:59:59.9999999', '23:59:59', '9999-12-31T23:59:59.997', '9999-12-31T23:59:59.9999999', '2079-06-06T23:59:00', '9999-12-31T23:59:59.9999999+00:00',
   'ÄÖÜäöüß€', REPLICATE('x', 8000), 'trailing blanks   ', N'ЖЗ', 'tëxt', N'☎', N'🙂 beyond the first plane', N'it''s', N'ñtext',
   0xFFFFFFFFFFFFFFFF, 0x00FF, 0xDEADBEEF, 0x00, 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', N'<r><!-- kept --><x y="1">é &amp; &lt;</x></r>', CAST(CAST(N'variant ☎' AS nvarchar(30)) AS sql_variant),
   CAST(0x58 AS hierarchyid), CAST(0x00000000010C000000000000F03F0000000000000040 AS geometry), CAST(0xE6100000010C00000000000045400000000000002A40 AS geography), N'sysname'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 1, 1, -1, 1, 1, 1, 0.00000000000000000000000000000000000001, 0.0001, 0.0001, 0.0001,
   2.2250738585072014E-308, 1.1754944E-38, '2000-02-29', '12:34:56.7890123', '12:34:56', '2000-02-29T12:34:56.003', '2000-02-29T12:34:56.7890123', '2000-02-29T12:35:00', '2000-02-29T12:34:56.7890123-05:30',
   'a', 'b', 'c', N'd', 'e', N'f', N'g', N'h', N'i',
   0x0102030405060708, 0x01, 0x02, 0x03, '6F9619FF-8B86-D011-B42D-00C04FC964FF', N'text <b>and</b> elements', CAST(CAST('2000-02-29T12:34:56.7890123' AS datetime2(7)) AS sql_variant),
   CAST(0x5AC0 AS hierarchyid), NULL, NULL, N'x'),
  (5, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0.1, 0.1, '1752-09-14', '00:00:00.0000001', '00:00:01', '1999-12-31T23:59:59.993', '1582-10-15T00:00:00.0000001', '1999-12-31T23:59:00', '1999-12-31T23:59:59.0000001+13:45',
   '', ' ', ' ', N'', ' ', N'', N' ', N' ', N' ', 0x00, 0x20, 0x20, 0x20, '6F9619FF-8B86-D011-B42D-00C04FC964FE', N'', CAST(CAST(0x00FF AS varbinary(8)) AS sql_variant), NULL, NULL, NULL, N'')
GO
INSERT INTO [dbo].[Announcements] ([Language], [Text]) VALUES
  ('de', N'Bitte warten Sie – wir sind gleich für Sie da.'), ('en', N'Please hold the line.'), ('ja', N'少々お待ちください。'), ('ru', N'Пожалуйста, подождите.')
GO

-- Constraints in every state, indexes ---------------------------------------------------------------------------------
GO
ALTER TABLE [dbo].[Users] WITH CHECK ADD CONSTRAINT [FK_Users_Manager] FOREIGN KEY ([Manager]) REFERENCES [dbo].[Users] ([UserId])
GO
ALTER TABLE [dbo].[Lines] WITH CHECK ADD CONSTRAINT [FK_Lines_Users] FOREIGN KEY ([UserId]) REFERENCES [dbo].[Users] ([UserId]) ON UPDATE CASCADE ON DELETE SET NULL
GO
ALTER TABLE [dbo].[Lines] WITH CHECK ADD FOREIGN KEY ([TariffId]) REFERENCES [dbo].[Tariffs] ([TariffId])
GO
ALTER TABLE [dbo].[Tariffs] WITH NOCHECK ADD CONSTRAINT [FK_Tariffs_Parent] FOREIGN KEY ([Parent]) REFERENCES [dbo].[Tariffs] ([TariffId]) NOT FOR REPLICATION
GO
ALTER TABLE [dbo].[Calls] WITH CHECK ADD CONSTRAINT [FK_Calls_Lines] FOREIGN KEY ([LineId]) REFERENCES [dbo].[Lines] ([LineId])
GO
ALTER TABLE [dbo].[Calls] NOCHECK CONSTRAINT [FK_Calls_Lines]
GO
ALTER TABLE [dbo].[Calls] WITH NOCHECK ADD CONSTRAINT [CK_Calls_Ended] CHECK ([Ended] >= [Started])
GO
ALTER TABLE [voice mail].[Messages] WITH CHECK ADD CONSTRAINT [FK_Messages_Users] FOREIGN KEY ([UserId]) REFERENCES [dbo].[Users] ([UserId]) ON DELETE CASCADE
GO
ALTER TABLE [billing].[Invoices] WITH NOCHECK ADD CONSTRAINT [FK_Invoices_Users] FOREIGN KEY ([UserId]) REFERENCES [dbo].[Users] ([UserId])
GO
ALTER TABLE [billing].[Invoices] WITH CHECK ADD CONSTRAINT [CK_Invoices_Month] CHECK (datepart(day, [Month]) = (1))
GO
ALTER TABLE [billing].[Invoices] NOCHECK CONSTRAINT [CK_Invoices_Month]
GO
CREATE UNIQUE NONCLUSTERED INDEX [UX_Lines_Number] ON [dbo].[Lines] ([Number]) WHERE [Released] IS NULL
GO
CREATE NONCLUSTERED INDEX [IX_Calls_Line] ON [dbo].[Calls] ([LineId], [Started] DESC) INCLUDE ([Remote], [Cost]) WITH (FILLFACTOR = 80, ALLOW_PAGE_LOCKS = OFF) ON [CallsByYear]([Started])
GO
CREATE NONCLUSTERED INDEX [IX_Calls_Cost] ON [dbo].[Calls] ([Cost]) WHERE [Cost] > (10) ON [Archive]
GO
CREATE NONCLUSTERED INDEX [IX_Calls_Remote] ON [dbo].[Calls] ([Remote]) ON [Archive]
GO
ALTER INDEX [IX_Calls_Remote] ON [dbo].[Calls] DISABLE
GO
CREATE STATISTICS [ST_Calls_Quality] ON [dbo].[Calls] ([Quality], [Direction])
GO

-- Views and functions that need each other ----------------------------------------------------------------------------
GO
CREATE FUNCTION [dbo].[RateOf](@tariff smallint) RETURNS smallmoney AS
BEGIN
  -- The view asks this function for the rate of the parent.
  RETURN (SELECT [Rate] FROM [reports].[EffectiveTariffs] WHERE [TariffId] = @tariff)
END
GO
CREATE VIEW [reports].[EffectiveTariffs] AS
SELECT [t].[TariffId], [t].[Name], CASE WHEN [t].[PerMinute] IS NULL THEN [dbo].[RateOf]([t].[Parent]) ELSE [t].[PerMinute] END AS [Rate]
FROM [dbo].[Tariffs] AS [t]
GO
CREATE FUNCTION [reports].[CallsOf](@user int) RETURNS TABLE AS
RETURN (
  SELECT [c].[CallId], [c].[Started], [c].[Remote], [c].[Cost]
  FROM [dbo].[Calls] AS [c] INNER JOIN [dbo].[Lines] AS [l] ON [l].[LineId] = [c].[LineId]
  WHERE [l].[UserId] = @user
)
GO
CREATE VIEW [reports].[UserTotals] AS
SELECT [u].[UserId], [u].[Name], (SELECT SUM([c].[Cost]) FROM [reports].[CallsOf]([u].[UserId]) AS [c]) AS [Total]
FROM [dbo].[Users] AS [u]
GO
CREATE FUNCTION [reports].[Busiest](@top int) RETURNS @result TABLE ([UserId] int NOT NULL PRIMARY KEY, [Total] decimal(19, 4) NULL) AS
BEGIN
  INSERT INTO @result ([UserId], [Total]) SELECT TOP (@top) [UserId], [Total] FROM [reports].[UserTotals] ORDER BY [Total] DESC
  RETURN
END
GO
CREATE VIEW [reports].[CallsPerLine] WITH SCHEMABINDING AS
SELECT [LineId], COUNT_BIG(*) AS [Calls], SUM(ISNULL([Cost], 0)) AS [Cost] FROM [dbo].[Calls] GROUP BY [LineId]
GO
CREATE UNIQUE CLUSTERED INDEX [CX_CallsPerLine] ON [reports].[CallsPerLine] ([LineId])
GO
CREATE VIEW [dbo].[Directory] AS SELECT [UserId], [Name], [Extension] FROM [dbo].[Users] WHERE [Extension] <> '0'
GO
CREATE VIEW [billing].[Unpaid] AS SELECT * FROM [billing].[Invoices] WHERE [Paid] = 0 WITH CHECK OPTION
GO
CREATE SYNONYM [dbo].[Phonebook] FOR [dbo].[Directory]
GO
CREATE SYNONYM [dbo].[OldCalls] FOR [ARCHIVE01].[Telephony2010].[dbo].[Calls]
GO

-- Procedures, from plain ones to what only newer servers understand ---------------------------------------------------
GO
CREATE PROCEDURE [dbo].[ReleaseLine] @line int, @why nvarchar(200) = N'' AS
BEGIN
  SET NOCOUNT ON
  UPDATE [dbo].[Lines] SET [Released] = GETDATE(), [Note] = @why WHERE [LineId] = @line
  IF @@ROWCOUNT = 0 RAISERROR (N'no line %d', 16, 1, @line)
END
GO
SET ANSI_NULLS OFF
GO
SET QUOTED_IDENTIFIER OFF
GO
CREATE PROCEDURE [dbo].[FindUser] @name nvarchar(100) AS
SELECT [UserId], [Name] FROM [dbo].[Users] WHERE [Name] LIKE @name + "%" OR [Manager] = NULL
GO
SET ANSI_NULLS ON
GO
SET QUOTED_IDENTIFIER ON
GO
CREATE PROCEDURE [dbo].[AddNumbers] @numbers [dbo].[NumberList] READONLY AS
INSERT INTO [dbo].[Lines] ([Number], [TariffId]) SELECT [Number], 1 FROM @numbers
GO
CREATE PROCEDURE [reports].[CallersOfDay] @day date AS
SELECT [LineId], STRING_AGG([Remote], N', ') WITHIN GROUP (ORDER BY [Started]) AS [Callers]
FROM [dbo].[Calls] WHERE CAST([Started] AS date) = @day GROUP BY [LineId]
GO
CREATE PROCEDURE [reports].[ExportUsers] AS
BEGIN
  DROP TABLE IF EXISTS #export
  SELECT [UserId], [Name] INTO #export FROM [dbo].[Users] WHERE [Manager] IS NOT DISTINCT FROM NULL
  SELECT * FROM #export FOR JSON PATH
END
GO

-- Triggers ------------------------------------------------------------------------------------------------------------
GO
CREATE TRIGGER [dbo].[Lines_Check] ON [dbo].[Lines] AFTER INSERT, UPDATE AS
IF EXISTS (SELECT * FROM inserted WHERE [Number] = '') ROLLBACK TRANSACTION
GO
CREATE TRIGGER [dbo].[Lines_Log] ON [dbo].[Lines] AFTER INSERT, UPDATE, DELETE AS
INSERT INTO [dbo].[Log ]] of "calls" 'n' more] ([Größe ☎], [select]) SELECT [LineId], N'line changed' FROM inserted
GO
CREATE TRIGGER [dbo].[Lines_Old] ON [dbo].[Lines] FOR DELETE NOT FOR REPLICATION AS
PRINT 'not in use any more'
GO
EXEC sys.sp_settriggerorder @triggername = N'[dbo].[Lines_Check]', @order = N'First', @stmttype = N'INSERT'
GO
EXEC sys.sp_settriggerorder @triggername = N'[dbo].[Lines_Log]', @order = N'Last', @stmttype = N'UPDATE'
GO
DISABLE TRIGGER [Lines_Old] ON [dbo].[Lines]
GO
CREATE TRIGGER [dbo].[Directory_Insert] ON [dbo].[Directory] INSTEAD OF INSERT AS
INSERT INTO [dbo].[Users] ([Name], [Extension]) SELECT [Name], [Extension] FROM inserted
GO

-- Permissions and descriptions ----------------------------------------------------------------------------------------
GO
GRANT SELECT, INSERT ON [dbo].[Calls] TO [operators]
GO
GRANT SELECT ON [dbo].[Users] ([UserId], [Name]) TO [billing clerk]
GO
DENY SELECT ON [dbo].[Users] ([Pin]) TO [operators]
GO
GRANT EXECUTE ON SCHEMA::[reports] TO [auditors] WITH GRANT OPTION
GO
GRANT EXECUTE ON TYPE::[dbo].[NumberList] TO [switchboard]
GO
GRANT VIEW DEFINITION TO [auditors]
GO
GRANT UNMASK TO [auditors]
GO
DENY DELETE ON [voice mail].[Messages] TO [O'Brien, night shift]
GO
ALTER AUTHORIZATION ON OBJECT::[billing].[Invoices] TO [operators]
GO
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'Calls, lines and voicemail'
GO
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'What a user''s phone can do', @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = N'Users', @level2type = N'COLUMN', @level2name = N'Settings'
GO
EXEC sys.sp_addextendedproperty @name = N'Größe', @value = N'☎', @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = N'Log ] of "calls" ''n'' more', @level2type = N'COLUMN', @level2name = N'Größe ☎'
GO
EXEC sys.sp_addextendedproperty @name = N'checked', @value = 1, @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = N'Calls', @level2type = N'CONSTRAINT', @level2name = N'CK_Calls_Direction'
GO
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'the line to give back', @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'PROCEDURE', @level1name = N'ReleaseLine', @level2type = N'PARAMETER', @level2name = N'@line'
GO
EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'who takes calls', @level0type = N'USER', @level0name = N'operators'
GO
